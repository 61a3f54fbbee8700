// Package e2e holds the tests that boot the whole of Latchkey: stories against the
// emulated services, kills at every point of its work, who may do what, and a
// store that comes back from Jira. Stories in testdata/script read like the README.
//
// A story tells the same on any machine. STORY_DELAY=300ms, or jira:500ms,slack:50ms, has the
// services answer late by chance (STORY_SEED repeats it), STORY_START moves when stories
// begin, and STORY_LOG=1 with -v shows all of the bot's log. A story that fails is printed, and
// two of a run may be played again: each has to go well three times in a row then.
package e2e
