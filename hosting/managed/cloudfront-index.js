// CloudFront function on the viewer's request, for both trees: object storage knows no index files.
// Enters: the event. Leaves: the request for /x/index.html instead of /x/, or the way from /x to /x/. It changes
// nothing else: the behaviour, and with it the question for a signature, was chosen before this function runs.

function handler(event) {
  var request = event.request;
  if (request.uri.endsWith("/")) {
    request.uri += "index.html";
  } else if (/^(?:\/[A-Za-z0-9_-]+)+$/.test(request.uri)) {
    // plain names only: what else a browser could read as another site's address must not become a redirect
    return {
      statusCode: 302,
      statusDescription: "Found",
      headers: { location: { value: request.uri + "/" } },
    };
  }
  return request;
}
