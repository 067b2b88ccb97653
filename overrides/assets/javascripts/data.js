// Data of the site, by its address below the language's root. Over the web it is fetched; from a folder (file://) it comes
// as a script that sets window.guideData, because browsers do not fetch from disk.

const waiting = new Map()

/** The parsed JSON at `base` + `path`. Rejects when it cannot be had. */
export function load(base, path) {
  const address = new URL(path, new URL(base, document.baseURI)).href
  if (!waiting.has(address)) {
    const promise = location.protocol === 'file:' ? fromScript(address) : fromServer(address)
    waiting.set(address, promise)
    promise.catch(() => waiting.delete(address))
  }
  return waiting.get(address)
}

async function fromServer(address) {
  const answer = await fetch(address, { credentials: 'same-origin' })
  if (!answer.ok) throw new Error(String(answer.status))
  return answer.json()
}

function fromScript(address) {
  return new Promise((done, failed) => {
    const script = document.createElement('script')
    script.src = `${address}.js`
    script.onload = () => done(window.guideData)
    script.onerror = () => failed(new Error('missing'))
    document.head.append(script)
  })
}
