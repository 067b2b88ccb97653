// The reader's search, loaded when the dialog is opened for the first time.
// Expects overrides/partials/search.html: dialog[data-base] with input[type=search], .search-status (data-none, data-one,
// data-many with {count}, data-failed), ol.search-results, and a <template> of one result. Arrow keys move, Enter follows.
import { load } from './data.js'
import { fold, opened } from './search/ranking.js'

const SHOWN = 12
const PHRASE = 170
/** On disk a folder has no page of its own. */
const LEAF = location.protocol === 'file:' ? 'index.html' : ''

export async function attach(dialog) {
  const { base } = dialog.dataset
  const input = dialog.querySelector('input[type=search]')
  const status = dialog.querySelector('.search-status')
  const list = dialog.querySelector('.search-results')
  const template = dialog.querySelector('template')
  let index
  try {
    index = opened(await load(base, 'search/index.json'))
  } catch {
    status.textContent = status.dataset.failed
    return
  }

  const say = (count) => {
    const { none, one, many } = status.dataset
    status.textContent = !input.value.trim() ? '' : count ? (count === 1 ? one : many.replace('{count}', count)) : none
  }

  const entry = ({ page, pieces }, forms) => {
    const [address, title, code] = index.pages[page]
    const item = template.content.firstElementChild.cloneNode(true)
    const best = pieces[0]
    const [, anchor, heading] = index.pieces[best]
    const link = item.querySelector('a')
    link.href = `${base}${address}${LEAF}${anchor ? `#${anchor}` : ''}`
    const own = index.pieces.findIndex(([of]) => of === page)
    item.querySelector('.result-title').append(...named(title, own === best ? '' : index.behind[own]))
    item.querySelector('.result-code').textContent = code
    item.querySelector('.result-heading').textContent = heading === title ? '' : heading
    const more = item.querySelector('.result-more')
    for (const piece of pieces.slice(1, 4)) {
      const [, place, name] = index.pieces[piece]
      if (!place || name === heading) continue
      const other = document.createElement('a')
      other.href = `${base}${address}${LEAF}#${place}`
      other.append(...named(name, index.behind[piece]))
      more.append(other)
    }
    if (index.behind[best]) item.querySelector('.result-behind').textContent = `≠ ${index.behind[best]}`
    phrases.set(item, () => showPhrase(item.querySelector('.result-phrase'), best, forms))
    seen.observe(item)
    return item
  }

  /** The text around a piece is asked for when its result comes into view; until then its heading stands alone. */
  const phrases = new WeakMap()
  const seen = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue
      seen.unobserve(target)
      phrases.get(target)()
    }
  }, { root: dialog })

  async function showPhrase(line, piece, forms) {
    const first = index.texts.findLast((start) => start <= piece)
    const texts = await load(base, `search/text/${first}.json`).catch(() => [])
    line.append(...marked(texts[piece - first] ?? '', forms))
  }

  const search = () => {
    seen.disconnect()
    const found = index.find(input.value)
    const forms = index.forms(input.value)
    list.replaceChildren(...found.slice(0, SHOWN).map((result) => entry(result, forms)))
    say(found.length)
  }

  let later
  input.addEventListener('input', () => {
    clearTimeout(later)
    later = setTimeout(search, 60)
  })
  dialog.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
    const links = [input, ...list.querySelectorAll('a')]
    const at = links.indexOf(document.activeElement) + (event.key === 'ArrowDown' ? 1 : -1)
    links[Math.max(0, Math.min(links.length - 1, at))]?.focus()
    event.preventDefault()
  })
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') list.querySelector('a')?.click()
  })
  list.addEventListener('click', (event) => event.target.closest('a') && dialog.close())
  search()
}

/** A name as nodes, with the guide's sign where its other language moved; who cannot see it hears what is `said`. */
function named(name, said) {
  if (!said) return [name]
  const sign = document.createElement('span')
  sign.className = 'behind-sign'
  sign.textContent = '≠'
  sign.role = 'img'
  sign.title = sign.ariaLabel = said
  return [name, ' ', sign]
}

/** The part of `text` around the first word that answers, as nodes with every such word marked. */
function marked(text, forms) {
  const words = [...text.matchAll(/[\p{L}\p{N}]+/gu)].filter(([word]) => forms.has(fold(word)))
  const from = Math.max(0, (words[0]?.index ?? 0) - 50)
  const start = from ? text.indexOf(' ', from) + 1 : 0
  const end = Math.min(text.length, start + PHRASE)
  const nodes = [start ? '… ' : '']
  let at = start
  for (const { 0: word, index } of words) {
    if (index < start || index + word.length > end) continue
    const mark = document.createElement('mark')
    mark.textContent = word
    nodes.push(text.slice(at, index), mark)
    at = index + word.length
  }
  nodes.push(text.slice(at, end), end < text.length ? ' …' : '')
  return nodes
}
