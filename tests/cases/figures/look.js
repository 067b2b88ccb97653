/* Looks at figures as drawn. Enters: a page with figures. Leaves: functions that list what is wrong, in words. */
const look = (() => {
  const drawings = () => [...document.querySelectorAll(".figure svg")].filter((svg) => svg.getBoundingClientRect().width > 0);
  const texts = (svg) => [...svg.querySelectorAll("text")];
  const name = (svg) => `${svg.closest("figure").id} ${svg.parentElement.className}`;
  const inside = (a, b, slack) =>
    a.x >= b.x - slack && a.y >= b.y - slack && a.x + a.width <= b.x + b.width + slack && a.y + a.height <= b.y + b.height + slack;
  const meet = (a, b, slack) =>
    a.x + slack < b.x + b.width && b.x + slack < a.x + a.width && a.y + slack < b.y + b.height && b.y + slack < a.y + a.height;
  const each = (check) => drawings().flatMap((svg) => check(svg).map((what) => `${name(svg)}: ${what}`));

  const rgba = (colour) => {
    const [r, g, b, a = 1] = colour.match(/[\d.]+/g).map(Number);
    return { r, g, b, a };
  };
  const over = (top, under) => {
    const mix = (key) => top[key] * top.a + under[key] * (1 - top.a);
    return { r: mix("r"), g: mix("g"), b: mix("b"), a: 1 };
  };
  const light = ({ r, g, b }) => {
    const part = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const ratio = (one, other) => {
    const [high, low] = [light(one), light(other)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  };
  const paper = () => {
    const colour = rgba(getComputedStyle(document.body).backgroundColor);
    return over(colour, { r: 255, g: 255, b: 255, a: 1 });
  };
  /* The colour behind a point: every filled shape drawn before `item` that contains it, upon the paper. */
  const behind = (svg, item, x, y) => {
    let ground = paper();
    for (const shape of svg.querySelectorAll("rect, circle, path")) {
      if (!(shape.compareDocumentPosition(item) & Node.DOCUMENT_POSITION_FOLLOWING)) continue;
      const style = getComputedStyle(shape);
      if (style.fill === "none" || !shape.isPointInFill(new DOMPoint(x, y))) continue;
      ground = over({ ...rgba(style.fill), a: rgba(style.fill).a * Number(style.fillOpacity) }, ground);
    }
    return ground;
  };

  return {
    shown: () => [...new Set(drawings().map((svg) => svg.parentElement.className.replace("figure-", "")))],
    outside: () =>
      each((svg) => texts(svg).filter((text) => !inside(text.getBBox(), svg.viewBox.baseVal, 0)).map((text) => `outside: ${text.textContent}`)),
    crossing: () =>
      each((svg) =>
        texts(svg).flatMap((text) =>
          [...svg.querySelectorAll("rect")]
            .filter((box) => meet(text.getBBox(), box.getBBox(), 0.5) && !inside(text.getBBox(), box.getBBox(), 0.5))
            .map(() => `crosses the edge of a box: ${text.textContent}`),
        ),
      ),
    overlapping: () =>
      each((svg) => {
        const all = texts(svg);
        return all.flatMap((one, index) =>
          all
            .slice(index + 1)
            .filter((other) => meet(one.getBBox(), other.getBBox(), 0.5))
            .map((other) => `overlap: ${one.textContent} / ${other.textContent}`),
        );
      }),
    small: () =>
      each((svg) => {
        const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
        return texts(svg)
          .filter((text) => parseFloat(getComputedStyle(text).fontSize) * scale < 11)
          .map((text) => `small: ${text.textContent}`);
      }),
    contrast: () =>
      each((svg) => {
        const labels = texts(svg).map((text) => {
          const box = text.getBBox();
          const ground = behind(svg, text, box.x + 1, box.y + box.height / 2);
          const found = ratio(over(rgba(getComputedStyle(text).fill), ground), ground);
          return found < 4.5 ? `${found.toFixed(1)}:1 ${text.textContent}` : "";
        });
        const marks = [...svg.querySelectorAll(".fig-line, .fig-head, .fig-dot, .fig-symbol, .fig-badge, .fig-flag")].map((mark) => {
          const style = getComputedStyle(mark);
          const box = mark.getBBox();
          const ground = behind(svg, mark, box.x + box.width / 2, box.y + box.height / 2);
          const colour = style.stroke === "none" ? style.fill : style.stroke;
          const found = ratio(over(rgba(colour), ground), ground);
          return found < 3 ? `${found.toFixed(1)}:1 ${mark.getAttribute("class")}` : "";
        });
        return [...labels, ...marks].filter(Boolean);
      }),
  };
})();
