package bot

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"latchkey/catalog"
)

// DefaultCommand is the slash command the bot listens to unless told otherwise.
const DefaultCommand = "/access"

// What the bot says in more than one place.
const (
	linkTitle    = "Link to a request"
	requestTitle = "Request access" // also the shortcut's name: 24 characters at most

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
	command = esc(command, longest)
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
	return fmt.Sprintf("Nothing in the catalogue is called “%s”. Please choose below.", clip(oneLine(clean(text)), 60))
}

// when shows a moment in the reader's own time zone. The fallback is for
// clients that can't.
func when(t time.Time) string {
	return fmt.Sprintf("<!date^%d^{date_short_pretty} at {time}|%s>", t.Unix(), t.UTC().Format("2 Jan 2006 at 15:04 UTC"))
}

// plural counts things. Nouns that don't take an s bring their own plural.
func plural(n int, noun string, many ...string) string {
	switch {
	case n == 1:
		return "1 " + noun
	case len(many) > 0:
		return strconv.Itoa(n) + " " + many[0]
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// agree chooses the verb that goes with a number.
func agree(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// exactly is a length of time to the second, for figures.
func exactly(d time.Duration) string {
	if d < time.Second {
		return "less than a second"
	}
	return catalog.FormatDuration(d.Round(time.Second))
}

// listed joins words as people do, and counts those beyond most.
func listed(words []string, most int) string {
	if len(words) > most {
		rest := len(words) - most
		return strings.Join(words[:most], ", ") + " and " + strconv.Itoa(rest) + " more"
	}
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}

// length writes a duration the way it is chosen: with a capital letter.
func length(d time.Duration) string { return capital(catalog.FormatDuration(d)) }

func capital(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// forHow is how long, as the rest of a sentence.
func forHow(d time.Duration) string {
	if d == catalog.Forever {
		return "with no end"
	}
	return "for " + catalog.FormatDuration(d)
}

// stop ends a sentence that may have its full stop already.
func stop(s string) string {
	if s == "" || strings.HasSuffix(s, ".") || strings.HasSuffix(s, "!") || strings.HasSuffix(s, "?") || strings.HasSuffix(s, "…") {
		return s
	}
	return s + "."
}

func riskWord(r catalog.Risk) string {
	switch r {
	case catalog.High:
		return "High"
	case catalog.Medium:
		return "Medium"
	case catalog.Low:
		return "Low"
	}
	return "Not rated"
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
		if s.Need.All {
			word = " and "
		}
		stage := strings.Join(who, word)
		if s.Need.Several() {
			stage = plural(s.Need.Count(), "person", "people") + " (" + stage + ")"
		}
		stages = append(stages, stage)
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

// groupsText names groups, most important first as configured.
func groupsText(groups []catalog.GroupRef) string {
	var names []string
	for _, g := range groups {
		names = append(names, "`"+strings.ReplaceAll(esc(g.String(), 120), "`", "'")+"`")
	}
	return listed(names, 8)
}
