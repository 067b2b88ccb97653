// Runs before the first paint, so that a remembered light or dark does not flash. Enters: the reader's choice on this
// device, else the system's. Leaves: html[data-md-color-scheme] ("default" is light, "slate" is dark), html.scripted, and html.insecure
// where the browser offers no cryptography: over plain http.
(function () {
  var root = document.documentElement
  var dark = matchMedia('(prefers-color-scheme: dark)')
  function show() {
    var chosen = null
    try { chosen = localStorage.getItem('guide_scheme') } catch (refused) { /* a private window: follow the system */ }
    root.setAttribute('data-md-color-scheme', chosen || (dark.matches ? 'slate' : 'default'))
  }
  show()
  dark.addEventListener('change', show)
  root.classList.add('scripted')
  if (!(window.crypto && crypto.subtle)) root.classList.add('insecure')
})()
