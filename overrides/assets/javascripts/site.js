// What every page adds to its HTML: current section, language switch that keeps it, light or dark, the search dialog.
// Expects: #site-toc, a.language, .scheme-button, .search-button, dialog#site-search (overrides/partials). Everything
// works without it, except search and the switch of colours, which stay hidden (.needs-script).

const root = document.documentElement
const article = document.querySelector('article')

/** Ids that exist in both languages: sections and requirements. */
const places = article ? [...article.querySelectorAll('h2[id], h3[id], .requirement[id], .entry[id]')] : []

/** The place that is being read: the one addressed while it can be seen, else the last one above a third of the window;
 * none at the top of the page. */
function reading() {
  const addressed = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)))
  if (addressed && places.includes(addressed)) {
    const { top, bottom } = addressed.getBoundingClientRect()
    if (bottom > 0 && top < innerHeight) return addressed
  }
  if (scrollY < 100) return undefined
  const line = innerHeight / 3
  const atEnd = innerHeight + scrollY >= root.scrollHeight - 2
  return places.findLast((place) => place.getBoundingClientRect().top < (atEnd ? innerHeight : line))
}

function followSections() {
  const toc = document.getElementById('site-toc')
  const links = new Map([...(toc?.querySelectorAll('a') ?? [])].map((link) => [link.hash.slice(1), link]))
  const languages = document.querySelectorAll('a.language')
  let waiting = false
  let current

  const follow = () => {
    waiting = false
    const place = reading()
    for (const link of languages) link.hash = place?.id ?? ''
    const heading = places.slice(0, places.indexOf(place) + 1).findLast(({ id }) => links.has(id))
    const link = links.get(heading?.id)
    if (link === current) return
    current?.removeAttribute('aria-current')
    link?.setAttribute('aria-current', 'true')
    current = link
  }
  const later = () => {
    if (!waiting) requestAnimationFrame(follow)
    waiting = true
  }
  addEventListener('scroll', later, { passive: true })
  addEventListener('hashchange', later)
  toc?.addEventListener('click', (event) => {
    if (event.target.closest('a') && toc.matches(':popover-open')) toc.hidePopover()
  })
  for (const link of languages) {
    link.addEventListener('click', () => {
      follow()
      document.cookie = `guide_lang=${link.hreflang}; path=/; max-age=31536000; samesite=lax`
    })
  }
  later() // with the first frame, which has to know where things stand anyway
}

/** The reader's choice is kept only while it differs from the system's: then the page follows the system again. */
function switchScheme() {
  const button = document.querySelector('.scheme-button')
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const isDark = () => root.dataset.mdColorScheme === 'slate'
  const show = () => button.setAttribute('aria-pressed', String(isDark()))
  button?.addEventListener('click', () => {
    root.dataset.mdColorScheme = isDark() ? 'default' : 'slate'
    try {
      if (isDark() === dark.matches) localStorage.removeItem('guide_scheme')
      else localStorage.setItem('guide_scheme', root.dataset.mdColorScheme)
    } catch { /* a private window: the choice holds for this page */ }
    show()
  })
  dark.addEventListener('change', show)
  if (button) show()
}

/** Opens at once, so that one can type; the search itself arrives the first time. */
function openSearch() {
  const button = document.querySelector('.search-button')
  const dialog = document.getElementById('site-search')
  if (!button || !dialog) return
  let attached
  const open = () => {
    if (dialog.open) return
    dialog.showModal()
    attached ??= import('./search.js').then(({ attach }) => attach(dialog))
  }
  button.addEventListener('click', open)
  dialog.querySelector('.search-close').addEventListener('click', () => dialog.close())
  dialog.addEventListener('click', (event) => event.target === dialog && dialog.close())
  addEventListener('keydown', (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
      event.preventDefault()
      open()
    }
  })
}

followSections()
switchScheme()
openSearch()

/** The browser keeps a page in memory for the Back button, past every header. Signing out (/signin/out) gives the cookie
 * guide_out a new value: a page that comes back after it is asked for again, and shows nothing before. */
function forgetAfterSignOut() {
  const mark = () => document.cookie.match(/(?:^|; )guide_out=([^;]*)/)?.[1]
  const before = mark()
  addEventListener('pagehide', () => { root.style.visibility = 'hidden' })
  addEventListener('pageshow', (event) => {
    if (event.persisted && mark() !== before) location.reload()
    else root.style.visibility = ''
  })
}

forgetAfterSignOut()
