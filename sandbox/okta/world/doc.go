// Package world is what there is in an emulated Okta org and what administrators do
// there: accounts, groups and their members, group rules, applications, the System
// Log, and the index that searches read. It knows nothing of HTTP; package okta
// serves it.
//
// A [World] guards a [State]. Its methods are what an administrator or an HR feed
// does; who serves the org works on the State inside [World.Update] and
// [World.View]. [World.Snapshot] copies everything at one moment, and
// [World.Follow] tells what changes from there on.
//
// Types named Live… are the things themselves, to be touched under the lock only;
// those without are copies for people who look.
package world
