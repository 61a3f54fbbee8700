// Package world is what there is in an emulated Google Workspace and what administrators
// do there: accounts, groups and their members, administrator roles, sessions, the tokens
// that apps were given, and the audit log. It knows nothing of HTTP; package google
// serves it.
//
// A [World] guards a [State]. Its methods are what an administrator or an HR feed does;
// who serves the customer works on the State inside [World.Update] and [World.View].
// What is read may trail what is written: see [Settings].
package world
