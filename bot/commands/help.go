package commands

import (
	"strings"

	"latchkey/bot/blocks"
)

// Help tells what the command does; all includes what is for IT and owners.
func Help(command string, all bool) string {
	command = blocks.Escape(command, blocks.MaxName)
	lines := []string{
		"*" + command + "* opens the form to ask for access.",
		"*" + command + " figma* opens it with Figma chosen already.",
	}
	oversight := []string{"For IT and the owners of apps:"}
	for _, s := range subcommands() {
		line := "*" + command + " " + s.usage + "* " + s.help + "."
		if s.oversight {
			oversight = append(oversight, line)
		} else {
			lines = append(lines, line)
		}
	}
	if all {
		lines = append(lines, oversight...)
	}
	return strings.Join(append(lines, "I send you a direct message for every request and keep it up to date, from the question to the day the access ends. My Home tab shows where you stand."), "\n")
}
