// Package bottest is what the tests of bot's rooms share: a cast of people and
// apps, a case in every situation it can be in, text as the world may hold it, a
// judge of Block Kit's published limits, the rooms of the workflow over a store
// that can refuse, and a workspace to act in.
//
// It imports no room of bot, so that each of them can be tested with it.
package bottest
