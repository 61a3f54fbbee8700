// Package world is what there is on an emulated Jira site and what people do
// there: accounts, issues with their comments, properties, links and files, the
// workflow with its approvals, and the index that JQL searches. It knows nothing
// of HTTP; package jira serves it.
//
// A [World] guards a [State]. Its methods are what a person or an administrator
// does in the browser; who serves the site works on the State inside
// [World.Update]. [World.Snapshot] copies everything at one moment, and
// [World.Follow] tells what changes from there on.
//
// Types named Live… are the things themselves, to be touched under the lock only;
// those without are copies for people who look.
package world
