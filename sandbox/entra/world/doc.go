// Package world is what there is in an emulated Entra tenant, and what its administrators do: users and guests,
// soft-deleted users, groups of every kind, service principals, directory roles, sign-ins and the audit log. It knows
// nothing of HTTP.
//
// A tenant is kept in several places that trail one another. So what there is can be asked for as of a moment: an
// object, and who is in a group, as they stood then.
package world
