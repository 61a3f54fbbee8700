package evidence

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"latchkey/access"
)

// WriteText tells the stories for people, one line an event. Nothing others wrote
// draws on the terminal.
func (t Trace) WriteText(out io.Writer) error {
	if len(t.Stories) == 0 {
		_, err := fmt.Fprintf(out, "The log holds nothing about %s and %s.\n", t.Person, t.App)
		return err
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, s := range t.Stories {
		fmt.Fprintf(w, "%s, %s %s: %s %s, %s\n", t.Person, t.App, s.Role, cmp.Or(s.Issue.Key, "no issue"), cmp.Or(s.Request, s.Grant), s.State)
		for _, e := range s.Events {
			fmt.Fprintf(w, "  %s\t%s\t%s\t%s\t%s %.12s\n", e.At.UTC().Format("2006-01-02 15:04:05"), e.Kind, oneLine(t.Doer(e)), oneLine(t.Detail(e)), e.ID, e.Leaf)
		}
		fmt.Fprintln(w)
	}
	return w.Flush()
}

// Doer says who made an event happen, and where.
func (t Trace) Doer(e access.Event) string {
	nobody := "latchkey"
	if e.Erased && e.Actor.Via != access.ViaSystem {
		nobody = access.ErasedName
	}
	place := ""
	if e.For != "" {
		place = " for " + t.Contact(e.For, e.At)
	}
	return cmp.Or(t.Contact(e.Actor.Person, e.At), e.Actor.Account, nobody) + place + " via " + string(e.Actor.Via)
}

// Detail is what an event has to say beyond its kind.
func (t Trace) Detail(e access.Event) string {
	switch {
	case e.Group != nil:
		return strings.TrimSpace(e.Group.String() + " " + e.Note)
	case e.Issue != nil:
		return e.Issue.Key
	case e.End != "" && !e.Erased:
		return string(e.End) + " " + e.Reason
	case e.End != "":
		return string(e.End) + " (" + erasedText + ")"
	case e.Erased && e.Kind != access.EventApproversAsked:
		return erasedText
	case e.Kind == access.EventApproversAsked:
		names := make([]string, len(e.Approvers))
		for i, who := range e.Approvers {
			names[i] = t.Contact(who, e.At)
		}
		return fmt.Sprint(names)
	case e.Reason != "":
		said := "“" + e.Reason + "”"
		if e.Opening != nil {
			said = strings.TrimSpace(said + " " + access.PolicySays(e.Opening.Clauses))
		}
		return said
	default:
		return e.Note
	}
}

// erasedText stands for what was erased of an event.
const erasedText = "names and words were erased"

// oneLine keeps what others wrote from drawing on the terminal.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 }), " ")
}
