package site

import (
	"strings"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"latchkey/sandbox"
)

// groups are the directories' groups and who is in them, those with members first.
func (s *Site) groups() (out []piece) {
	names := map[string]string{}
	for _, u := range s.world.Slack.Users() {
		names[strings.ToLower(u.Email)] = called(u)
	}
	for _, d := range s.world.Directories() {
		out = append(out, keyed(d.ID, "h3", h.Class("directory"), g.Text(d.ID), h.Small(g.Text(kindName(d.Kind)))))
		var others []piece
		for _, name := range d.GroupNames() {
			one := group(d, name, names)
			if len(d.Members(name)) == 0 || name == everyone {
				others = append(others, one)
				continue
			}
			out = append(out, one)
		}
		out = append(out, others...)
	}
	return out
}

// everyone is the group that Okta itself keeps, of which there is nothing to learn.
const everyone = "Everyone"

func kindName(kind string) string {
	if name := map[string]string{"okta": "Okta", "entra": "Microsoft Entra ID", "google": "Google Workspace"}[kind]; name != "" {
		return name
	}
	return kind
}

func group(d sandbox.Directory, name string, names map[string]string) piece {
	var members g.Group
	for _, address := range d.Members(name) {
		members = append(members, h.Li(h.Class("member"), h.Data("key", address), g.Text(nameOr(names, strings.ToLower(address)))))
	}
	return keyed(d.ID+" "+name, "div", h.Class("group"), h.Code(g.Text(name)),
		g.If(len(members) == 0, h.Span(h.Class("nobody"), g.Text("nobody"))), g.If(len(members) > 0, h.Ul(members)))
}
