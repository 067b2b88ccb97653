// Decides, after a sign-in, whether somebody is a member: one claim, compared whole.
// Enters: what Static Web Apps posts to its rolesSource ({identityProvider, claims: [{typ, val}], …}) and the settings
// MEMBERS_CLAIM, MEMBERS_VALUE and, if it is not "member", MEMBERS_ROLE. Leaves: {roles: ["member"]}, or no role at
// all. Nothing is logged or kept.

// a list arrives as several claims of one name, or as one claim with the list in JSON
function values(text) {
  try {
    const list = JSON.parse(text);
    return Array.isArray(list) ? list : [text];
  } catch {
    return [text];
  }
}

module.exports = async function roles(context, request) {
  const { MEMBERS_CLAIM: name, MEMBERS_VALUE: wanted, MEMBERS_ROLE: role = "member" } = process.env;
  const { identityProvider, claims } = request.body ?? {};
  const given = Array.isArray(claims) ? claims.filter((claim) => claim?.typ === name) : [];
  // a setting that is missing makes nobody a member
  const member =
    Boolean(name) &&
    Boolean(wanted) &&
    identityProvider === "members" &&
    given.some((claim) => values(claim.val).includes(wanted));
  return {
    status: 200,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ roles: member ? [role] : [] }),
  };
};
