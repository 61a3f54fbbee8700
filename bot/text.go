package bot

import (
	"fmt"
	"strings"

	"latchkey/bot/blocks"
	"latchkey/catalog"
)

// What the bot says in more than one place.
const (
	unsaved      = "I couldn't save that just now, and nothing has changed. Please try again in a moment."
	unsavedForm  = "I couldn't save this just now. Please press the button again; you won't ask twice."
	unopened     = "I couldn't open the form just now. Please try again."
	rolesLoading = "The roles of this app were still loading. Please choose one."
	appGone      = "This app isn't in the catalogue any more. Please choose another one."
	leftOut      = "Left out: it is there or asked for already."
	allHeld      = "All of this is there or asked for already."
	unread       = "I couldn't look that up just now. Please try again in a moment."
	catalogEmpty = "There is nothing to ask for yet: IT hasn't put any app into the catalogue."
)

// helpText tells what the command does; all marks the words for IT and owners too.
func helpText(command string, all bool) string {
	command = blocks.Escape(command, blocks.MaxName)
	lines := []string{
		"*" + command + "* opens the form to ask for access.",
		"*" + command + " figma* opens it with Figma chosen already.",
	}
	oversight := []string{"For IT and the owners of apps:"}
	for _, w := range vocabulary() {
		line := "*" + command + " " + w.usage + "* " + w.help + "."
		if w.oversight {
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

func noMatch(text string) string {
	return fmt.Sprintf("Nothing in the catalogue is called “%s”. Please choose below.", blocks.Clip(blocks.OneLine(blocks.Clean(text)), 60))
}

// routeText says who will have to agree, for the form.
func routeText(r catalog.Route) string {
	if r.Automatic() {
		return "Approved at once: nobody has to be asked."
	}
	var stages []string
	for _, s := range r.Stages {
		var who []string
		for _, a := range s.Approvers {
			who = append(who, approverText(a))
		}
		word := " or "
		if s.Need == catalog.Everyone {
			word = " and "
		}
		stages = append(stages, strings.Join(who, word))
	}
	return "Needs a yes from " + strings.Join(stages, ", then ") + "."
}

func approverText(a catalog.Approver) string {
	switch a.Kind {
	case catalog.Manager:
		return "your manager"
	case catalog.Owner:
		return "an owner of the app"
	case catalog.Security:
		return "an admin"
	case catalog.GroupOf:
		return "somebody in " + a.Group.Group
	}
	return a.Person
}
