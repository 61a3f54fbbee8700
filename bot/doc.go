// Package bot is Latchkey in Slack. It takes each envelope to who declared
// that it is theirs, in one of its rooms: modals, the Home tab, the command, the
// buttons of cards. New puts the rooms together.
//
// It decides nothing. What a person does is handed to a room of the workflow,
// committed there, and only then acknowledged to Slack.
package bot
