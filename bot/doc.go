// Package bot is Latchkey's face in Slack: the command, the request form, the
// cards that show where things stand, and the buttons on them.
//
// It decides nothing. What a person does is handed to a [Desk], committed there,
// and only then acknowledged to Slack. What came of it is drawn by [Messenger]
// as cards that are edited in place, one renderer for each side of the story.
//
// Text from people and directories is escaped where it lands and shown
// verbatim, so that nobody can mention, link or disguise through it.
package bot
