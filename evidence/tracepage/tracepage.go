// Package tracepage draws a trace as one page that auditors open and print: it has everything in it, asks nobody for
// anything, and looks like the report of an access review.
package tracepage

import (
	"cmp"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/evidence"
	"latchkey/evidence/pack"
	"latchkey/evidence/pack/report"
)

//go:embed tracepage.tmpl
var text string

// About is what a page says beside the trace.
type About struct {
	AppName string    // as people call the app; empty: its id
	Made    time.Time // when it was asked for
	Version string    // of Latchkey
	Site    string    // of the issues, to link them; empty: they stand as text
}

// page is what the template draws.
type page struct {
	Title   string
	CSS     template.CSS
	Person  string
	ID      access.PersonID
	App     string
	Made    string
	Version string
	Stories []story
	Events  int
}

// story is one request, or one grant that nobody asked for.
type story struct {
	evidence.Story
	N     int
	Link  string // to its issue
	Facts []fact
	Rows  []row
}

// fact is a line of what matters most.
type fact struct{ Name, Value string }

// row is one event.
type row struct{ At, What, Who, Said, ID, Leaf string }

// Write draws a trace.
func Write(w io.Writer, t evidence.Trace, about About) error {
	drawn, err := template.New("trace").Funcs(template.FuncMap{"inc": func(n int) int { return n + 1 }}).Parse(text)
	if err != nil {
		return fmt.Errorf("the page of a trace: %w", err)
	}
	app := cmp.Or(about.AppName, t.App)
	p := page{Title: "Access to " + app + ": " + pack.Clean(t.Person), CSS: report.Style(), Person: pack.Clean(t.Person), ID: t.ID, App: pack.Clean(app), Made: when(about.Made), Version: about.Version}
	for i, s := range t.Stories {
		p.Stories = append(p.Stories, storyOf(t, s, i+1, about.Site))
		p.Events += len(s.Events)
	}
	return drawn.Execute(w, p)
}

func storyOf(t evidence.Trace, s evidence.Story, n int, site string) story {
	out := story{Story: s, N: n, Facts: factsOf(t, s)}
	if s.Issue.Key != "" && (strings.HasPrefix(site, "https://") || strings.HasPrefix(site, "http://")) {
		out.Link = strings.TrimRight(site, "/") + "/browse/" + s.Issue.Key
	}
	for _, e := range s.Events {
		out.Rows = append(out.Rows, row{when(e.At), words(e.Kind), pack.Clean(t.Doer(e)), pack.Clean(t.Detail(e)), e.ID, e.Leaf.String()})
	}
	return out
}

// factsOf is what an auditor looks for first: who asked, who agreed, since when and until when access was there, and that
// it is gone. What didn't happen has no line.
func factsOf(t evidence.Trace, s evidence.Story) (out []fact) {
	say := func(name string, e access.Event, more string) {
		value := when(e.At) + ", " + t.Doer(e)
		if more != "" {
			value += ": " + more
		}
		out = append(out, fact{name, pack.Clean(value)})
	}
	for _, e := range s.Events {
		group := ""
		if e.Group != nil {
			group = e.Group.String()
		}
		switch e.Kind {
		case access.EventSubmitted:
			say("Asked for", e, e.Reason)
		case access.EventBreakGlass:
			say("Taken in an emergency", e, e.Reason)
		case access.EventApproved:
			say(approval(e), e, e.Checked)
		case access.EventDenied:
			say("Denied", e, e.Reason)
		case access.EventCancelled, access.EventLapsed:
			say("Not decided", e, words(e.Kind))
		case access.EventAdopted:
			say("Found, and explained since", e, group)
		case access.EventMemberAdded:
			say("Seen to be there", e, group)
		case access.EventFulfilled:
			say("Made by hand", e, string(e.Direction))
		case access.EventEnding:
			say("Ends", e, strings.TrimSpace(string(e.End)+" "+e.Reason))
		case access.EventMemberRemoved, access.EventMemberGone:
			say("Seen to be gone", e, group)
		case access.EventMemberKept:
			say("Kept, for another grant needs it", e, group)
		case access.EventJustified, access.EventUnjustified:
			say("Judged afterwards", e, strings.TrimSpace(words(e.Kind)+" "+e.Reason))
		}
	}
	return out
}

// approval says what kind of yes it was: a rule's is no person's.
func approval(e access.Event) string {
	if e.Actor.Person == "" {
		return "Approved by a rule"
	}
	return fmt.Sprintf("Approved (stage %d)", e.Stage+1)
}

func words(kind access.EventKind) string {
	return strings.NewReplacer(".", " ", "_", " ").Replace(string(kind))
}

func when(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05") }
