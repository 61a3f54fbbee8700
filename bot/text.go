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
	requestTitle = "Request access" // also the shortcut's name: 24 characters at most

	unsaved      = "I couldn't save that just now, and nothing has changed. Please try again in a moment."
	unsavedForm  = "I couldn't save this just now. Please press the button again; you won't ask twice."
	unopened     = "I couldn't open the form just now. Please try again."
	rolesLoading = "The roles of this app were still loading. Please choose one."
	appGone      = "This app isn't in the catalogue any more. Please choose another one."
	catalogEmpty = "There is nothing to ask for yet: IT hasn't put any app into the catalogue."
)

func helpText(command string) string {
	return strings.Join([]string{
		"*" + command + "* opens the form to ask for access.",
		"*" + command + " figma* opens it with Figma chosen already.",
		"*" + command + " help* shows this.",
		"I send you a direct message for every request and keep it up to date, from the question to the day the access ends.",
	}, "\n")
}

func noMatch(text string) string {
	return fmt.Sprintf("Nothing in the catalogue is called “%s”. Please choose below.", clip(oneLine(clean(text)), 60))
}

// when shows a moment in the reader's own time zone. The fallback is for
// clients that can't.
func when(t time.Time) string {
	return fmt.Sprintf("<!date^%d^{date_short_pretty} at {time}|%s>", t.Unix(), t.UTC().Format("2 Jan 2006 at 15:04 UTC"))
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
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

// groupsText names groups, most important first as configured.
func groupsText(groups []catalog.GroupRef) string {
	var names []string
	for _, g := range groups {
		names = append(names, "`"+strings.ReplaceAll(esc(g.String(), 120), "`", "'")+"`")
	}
	return listed(names, 8)
}
