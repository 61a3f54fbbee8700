package site

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"latchkey/sandbox/jira/world"
)

// issueList are the issues there are, the newest first.
func (s *Site) issueList(v look) (out []piece) {
	all := s.world.Jira.Issues()
	open, there := s.chosen(v)
	for _, is := range slices.Backward(all) {
		here := there && is.Key == open.Key
		out = append(out, keyed(is.Key, "li", h.A(h.Href(v.with(func(o *look) { o.Issue = is.Key })), g.If(here, g.Attr("aria-current", "true")),
			h.Strong(g.Text(is.Key)), h.Span(h.Class("lozenge "+statusClass(is)), g.Text(is.Status)))))
	}
	return out
}

// chosen is the issue that is shown: the one that was chosen, or the newest.
func (s *Site) chosen(v look) (world.Issue, bool) {
	if is, ok := s.world.Jira.Issue(v.Issue); ok && v.Issue != "" {
		return is, true
	}
	all := s.world.Jira.Issues()
	if len(all) == 0 {
		return world.Issue{}, false
	}
	return slices.MaxFunc(all, func(a, b world.Issue) int { return a.Created.Compare(b.Created) }), true
}

// statusClass is how a status is coloured: by whether somebody has to do something.
func statusClass(is world.Issue) string {
	switch {
	case is.Resolution == "Done" || is.Resolution == "Granted":
		return "done"
	case is.Resolution != "":
		return "plain"
	case strings.Contains(is.Status, "attention"):
		return "trouble"
	case strings.HasPrefix(is.Status, "Waiting"):
		return "waits"
	}
	return "works"
}

// issue is the issue that is shown, part by part.
func (s *Site) issue(v look) (out []piece) {
	is, there := s.chosen(v)
	if !there {
		return []piece{keyed("none", "p", h.Class("nothing"), g.Text("No issue yet. Each request becomes one, and it tells the whole story."))}
	}
	names := map[string]string{}
	for _, a := range s.world.Jira.Accounts() {
		names[a.AccountID] = a.DisplayName
	}
	out = append(out,
		keyed(is.Key+" head", "header", h.H3(g.Text(is.Summary)), h.P(h.Class("lozenges"), h.Span(h.Class("lozenge "+statusClass(is)), g.Text(is.Status)),
			g.If(is.Resolution != "", h.Span(h.Class("lozenge plain"), g.Text(is.Resolution))))))
	out = append(out, s.issueFields(v, is, names)...)
	if is.Description != "" {
		out = append(out, keyed(is.Key+" description", "details", h.Summary(g.Text("Description")), words(is.Description)))
	}
	out = append(out, links(v, is)...)
	for _, c := range slices.Backward(is.Comments) {
		kind, said := "internal", "Internal note"
		if c.Public {
			kind, said = "public", "Reply to customer"
		}
		out = append(out, keyed(is.Key+" comment "+c.ID, "article", h.Class("comment "+kind), h.P(h.Class("by"), h.Strong(g.Text(nameOr(names, c.Author))), h.Span(h.Class("kind"), g.Text(said)),
			h.Time(g.Text(c.Created.In(v.client.Zone).Format("2 Jan, 15:04")))), words(c.Text)))
	}
	out = append(out, s.answers(v, is)...)
	return append(out, properties(is)...)
}

func nameOr(names map[string]string, id string) string {
	if n := names[id]; n != "" {
		return n
	}
	return id
}

// words are a text of several lines.
func words(text string) g.Node {
	var out g.Group
	for _, line := range strings.Split(text, "\n") {
		out = append(out, h.Span(h.Class("line"), g.Text(line)))
	}
	return h.Div(h.Class("words"), out)
}

func (s *Site) issueFields(v look, is world.Issue, names map[string]string) (out []piece) {
	field := func(name, value string) {
		if value != "" {
			out = append(out, keyed(is.Key+" field "+name, "div", h.Class("field-line"), h.Span(h.Class("field-name"), g.Text(name)), h.Span(h.Class("field-value"), g.Text(value))))
		}
	}
	field("Reporter", names[is.Reporter])
	field("Assignee", names[is.Assignee])
	for _, f := range s.world.Jira.Snapshot().Fields {
		value := is.Fields[f.ID]
		if at, err := time.Parse(jiraTime, value); err == nil {
			value = at.In(v.client.Zone).Format("Mon 2 Jan, 15:04")
		}
		field(f.Name, value)
	}
	field("Labels", strings.Join(is.Labels, ", "))
	return out
}

// jiraTime is how Jira writes a moment.
const jiraTime = "2006-01-02T15:04:05.000-0700"

func links(v look, is world.Issue) (out []piece) {
	for _, l := range is.Links {
		out = append(out, keyed(is.Key+" link "+l.ID, "p", h.Class("link"), g.Text(l.Phrase+" "), h.A(h.Href(v.with(func(o *look) { o.Issue = l.Key })), g.Text(l.Key))))
	}
	for _, l := range is.RemoteLinks {
		out = append(out, keyed(is.Key+" remote "+l.GlobalID, "p", h.Class("link"), g.Text("Web link: "+l.Title)))
	}
	for _, a := range is.Attachments {
		out = append(out, keyed(is.Key+" file "+a.ID, "p", h.Class("link"), g.Text("Attached: "+a.Name)))
	}
	return out
}

// properties are what the issue carries for machines, folded.
func properties(is world.Issue) (out []piece) {
	for _, key := range slices.Sorted(maps.Keys(is.Properties)) {
		var pretty bytes.Buffer
		if json.Indent(&pretty, is.Properties[key], "", "  ") != nil {
			pretty.Write(is.Properties[key])
		}
		out = append(out, keyed(is.Key+" property "+key, "details", h.Class("property"), h.Summary(g.Text("Property "+key)), h.Pre(h.TabIndex("0"), g.Text(pretty.String()))))
	}
	return out
}

// answers are what the person can do on the issue, as they could in Jira.
func (s *Site) answers(v look, is world.Issue) (out []piece) {
	account := s.accountOf(v.As)
	if account == "" {
		return nil
	}
	for _, a := range is.Approvals {
		if a.Final == world.Pending && a.Decisions[account] == world.Pending {
			out = append(out, keyed(is.Key+" approval "+a.ID, "div", h.Class("actions"),
				h.Button(h.Type("button"), h.Class("button primary"), h.Data("jira", "approve"), h.Data("issue", is.Key), g.Text("Approve in Jira")),
				h.Button(h.Type("button"), h.Class("button"), h.Data("jira", "decline"), h.Data("issue", is.Key), g.Text("Decline in Jira"))))
		}
	}
	return append(out, keyed(is.Key+" say "+v.As.ID, "form", h.Class("composer"), h.Data("issue", is.Key),
		h.Input(h.Type("text"), h.Name("text"), h.Placeholder("Comment on "+is.Key+" as "+called(v.As)), g.Attr("aria-label", "Comment on "+is.Key), h.MaxLength("3000")),
		h.Button(h.Type("submit"), h.Class("send"), g.Attr("aria-label", "Comment"), g.Text("➤"))))
}
