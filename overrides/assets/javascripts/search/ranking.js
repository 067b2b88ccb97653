// Which pages and sections answer a query. Enters: the index made by guide/search.py, a query as typed. Leaves: pages in
// order, each with its best pieces. No words, no page: the same module runs in tests.

const fold = (text) => text.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '')
const TOKEN = /[a-z]{2}-\d{2}|[\p{L}\p{N}]+/gu

/** Forms with their stem, and for each stem the pieces where it stands: Map piece -> weight. */
function decode({ stems, where }) {
  const stemOf = new Map()
  stems.forEach((written, stem) => {
    const [start, ...ends] = written.split(',')
    for (const end of ends) stemOf.set(start + end, stem)
  })
  const places = where.map((written) => {
    const found = new Map()
    let piece = 0
    for (const step of written.split(' ')) {
      piece += parseInt(step.slice(0, -1), 36)
      found.set(piece, parseInt(step.slice(-1), 36))
    }
    return found
  })
  return { stemOf, places, forms: [...stemOf.keys()].sort() }
}

/** Whether two words differ by at most `most` signs (changed, missing, added, or two neighbours swapped). */
function near(a, b, most) {
  if (Math.abs(a.length - b.length) > most) return false
  let before = []
  let last = [...Array(b.length + 1).keys()]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1)
    }
    if (Math.min(...row) > most) return false
    before = last
    last = row
  }
  return last[b.length] <= most
}

/** An index that can be asked. */
export function opened(index) {
  const { stemOf, places, forms } = decode(index)
  const stop = new Set(index.stop)
  const sounds = index.sounds.map(([sign, as]) => [new RegExp(sign, 'g'), as])
  const spoken = (word) => sounds.reduce((text, [sign, as]) => text.replace(sign, as), word)
  const heard = new Map()
  for (const form of forms) heard.set(spoken(form), [...(heard.get(spoken(form)) ?? []), form])
  const words = (text) => (fold(text).match(TOKEN) ?? []).filter((word) => !stop.has(word))

  /** Stems that a word may mean, each with how well it fits (0 to 1). */
  function meanings(word, isLast) {
    const found = new Map()
    const add = (form, fit) => found.set(stemOf.get(form), Math.max(fit, found.get(stemOf.get(form)) ?? 0))
    const plain = word.replace('-', '')
    if (stemOf.has(word)) add(word, 1)
    else if (stemOf.has(plain)) add(plain, 1)
    if (word.length > 2 && (isLast || !found.size)) {
      for (const form of forms) if (form.startsWith(word)) add(form, 0.55 + 0.35 * (word.length / form.length))
    }
    if (!found.size) for (const form of heard.get(spoken(word)) ?? []) add(form, 0.8)
    if (!found.size && word.length > 3) {
      const most = word.length > 6 ? 2 : 1
      const start = word.slice(0, Math.max(5, Math.ceil(word.length * 0.6)))
      for (const form of forms) {
        if (form.startsWith(start)) add(form, 0.5)
        else if (form.length > 3 && near(spoken(word), spoken(form), most)) add(form, 0.45)
      }
    }
    for (let kept = Math.ceil(word.length * 0.6) - 1; !found.size && kept >= 5; kept--) {
      for (const form of forms) if (form.startsWith(word.slice(0, kept))) add(form, 0.4)
    }
    return found
  }

  /** The query's words, and with them what the glossary says that they mean. */
  function asked(query) {
    const typed = words(query)
    const groups = typed.map((word, at) => ({ meanings: meanings(word, at === typed.length - 1), share: 1 }))
    for (let from = 0; from < typed.length; from++) {
      for (let to = Math.min(typed.length, from + 5); to > from; to--) {
        const meant = index.alias[typed.slice(from, to).join(' ')]
        for (const one of meant ?? []) {
          const stems = words(one).map((word) => stemOf.get(word)).filter((stem) => stem !== undefined)
          groups.push({ together: stems, stands: [from, to] })
        }
        if (meant) break
      }
    }
    return { typed, groups }
  }

  function scores({ typed, groups }) {
    const single = groups.filter((group) => !group.together)
    const found = new Map()
    const of = (piece) => found.get(piece) ?? found.set(piece, new Array(typed.length).fill(0)).get(piece)
    single.forEach((group, at) => {
      for (const [stem, fit] of group.meanings) {
        for (const [piece, weight] of places[stem]) of(piece)[at] = Math.max(of(piece)[at], weight * fit)
      }
    })
    for (const { together, stands: [from, to] } of groups.filter((group) => group.together?.length)) {
      const [first, ...rest] = together
      for (const [piece, weight] of places[first]) {
        const others = rest.map((stem) => places[stem].get(piece) ?? 0)
        if (others.some((other) => !other)) continue
        const sum = others.reduce((a, b) => a + b, weight) * 0.9
        for (let at = from; at < to; at++) of(piece)[at] = Math.max(of(piece)[at], sum / (to - from))
      }
    }
    return found
  }

  return {
    pages: index.pages,
    pieces: index.pieces,
    /** Numbers of the pieces with which the files of text begin. */
    texts: index.texts,
    /** By the number of a piece: what a reader must know of a text whose other language moved. */
    behind: index.behind,
    /** Pages in order: [{page, score, pieces: [piece …]}]; pieces best first. */
    find(query) {
      const question = asked(query)
      if (!question.typed.length) return []
      const pages = new Map()
      for (const [piece, parts] of scores(question)) {
        const met = parts.filter(Boolean).length / parts.length
        const score = parts.reduce((a, b) => a + b, 0) * met * met
        const [page] = index.pieces[piece]
        if (!pages.has(page)) pages.set(page, { page, parts: new Array(parts.length).fill(0), pieces: [] })
        const entry = pages.get(page)
        entry.pieces.push([piece, score])
        parts.forEach((part, at) => { entry.parts[at] = Math.max(entry.parts[at], part) })
      }
      for (const entry of pages.values()) {
        entry.pieces.sort((a, b) => b[1] - a[1])
        const whole = entry.parts.filter(Boolean).length / entry.parts.length
        const [best, second = [0, 0], third = [0, 0]] = entry.pieces
        const chapter = index.pages[entry.page][2]
        // The sections of a chapter speak of one subject and answer together; the entries of a list do not.
        const together = chapter ? 0.35 * second[1] + 0.2 * third[1] + 0.5 * entry.parts.reduce((a, b) => a + b, 0) * whole * whole : 0
        entry.score = (best[1] + together) * (chapter ? 1.25 : 1)
        entry.pieces = entry.pieces.map(([piece]) => piece)
      }
      return [...pages.values()].sort((a, b) => b.score - a.score)
    },
    /** The words to mark in a phrase: every form of every stem that the query means. */
    forms(query) {
      const wanted = new Set()
      for (const { meanings: means, together } of asked(query).groups) {
        for (const stem of means?.keys() ?? together) wanted.add(stem)
      }
      return new Set(forms.filter((form) => wanted.has(stemOf.get(form))))
    },
  }
}

export { fold }
