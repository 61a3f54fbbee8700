package cli

import (
	"fmt"
	"slices"
	"strings"

	"latchkey/app"
	"latchkey/catalog/proposal"
	"latchkey/config"
)

// importText is what an import found, in words and in YAML.
type importText struct {
	directory string
	found     app.Imported
	proposal  proposal.Proposal // cut to the first, where that was asked for
	beyond    int               // applications that it was cut by
	routes    bool              // the configuration has routes; without any, one is proposed
}

func newImportText(c *config.Config, directory string, found app.Imported, top int) importText {
	t := importText{directory: directory, found: found, routes: len(c.Catalog.Routes()) > 0}
	t.proposal, t.beyond = found.Proposal.Top(top)
	if !t.routes {
		t.found.Ways.Everyday, t.found.Ways.Strict = firstRoute, firstRoute
	}
	return t
}

// firstRoute is what is proposed where there are no routes yet.
const (
	firstRoute  = "manager"
	firstRoutes = "approvals:\n  manager: [manager]\n"
)

// mostAside is how many applications are named that are left out; all of them stand in the proposal.
const mostAside = 20

// summary is what the import says of itself, and of what isn't in the proposal.
func (t importText) summary() []string {
	out, p := t.head(), t.found.Proposal
	for i, a := range p.Aside {
		if i == mostAside {
			out = append(out, fmt.Sprintf("- and %d applications more", len(p.Aside)-mostAside))
			break
		}
		out = append(out, "- "+a.About+": "+a.Why)
	}
	for _, d := range p.Different {
		out = append(out, "! "+d.About+": "+d.Why)
	}
	return out
}

// head is how many there are, in which order, and what is new for apps that are there.
func (t importText) head() (out []string) {
	p := t.found.Proposal
	out = append(out, fmt.Sprintf("%d applications and %d groups in %s: %s proposed for %s; %s not proposed; %s a role already; %s to do with no application.",
		t.found.Apps, t.found.Groups, t.directory, count(roles(p), "role", "roles"), count(len(p.Apps), "application", "applications"),
		count(len(p.Aside), "application is", "applications are"), count(p.Open, "group opens", "groups open"), count(p.Unrelated, "group has", "groups have")))
	out = append(out, t.found.Basis)
	if t.beyond > 0 {
		out = append(out, fmt.Sprintf("The first %d are shown; %d more come without --top.", len(t.proposal.Apps), t.beyond))
	}
	for _, a := range t.known() {
		for _, r := range a.Roles {
			out = append(out, fmt.Sprintf("+ %s · %s: %s is new in the directory.", a.Name, r.Name, r.Group))
		}
	}
	return out
}

func roles(p proposal.Proposal) (n int) {
	for _, a := range p.Apps {
		n += len(a.Roles)
	}
	return n
}

// fragment is the proposal alone, as it can be put into a configuration.
func (t importText) fragment() string {
	var b strings.Builder
	for _, line := range append([]string{fmt.Sprintf("Proposed by latchkey catalog import %s, for review. Nothing of it counts before it stands in a configuration.", t.directory)}, t.head()...) {
		b.WriteString("# " + oneLine(line) + "\n")
	}
	if !t.routes {
		b.WriteString("\n" + firstRoutes)
	}
	if items := t.items(2); items != "" {
		b.WriteString("\napps:\n" + items)
	}
	for _, a := range t.proposal.Aside {
		b.WriteString("# Not proposed: " + oneLine(a.About+". "+a.Why) + "\n")
	}
	for _, d := range t.proposal.Different {
		b.WriteString("# Different in the directory: " + oneLine(d.About+": "+d.Why) + "\n")
	}
	return b.String()
}

// items are the new apps, behind what is to be put by hand into those that are there.
func (t importText) items(indent int) string {
	return t.additions(indent) + t.proposal.Items(t.found.Ways, indent)
}

func (t importText) additions(indent int) string {
	var b strings.Builder
	for _, a := range t.known() {
		b.WriteString(a.Comment(t.found.Ways, indent))
	}
	return b.String()
}

// known are the apps that are there already, and get roles.
func (t importText) known() []proposal.Proposed {
	return slices.DeleteFunc(slices.Clone(t.proposal.Apps), func(a proposal.Proposed) bool { return !a.Known })
}

// whole is a configuration with what is proposed, and every line of it that was there. Roles for an app whose roles don't
// stand in lines of their own are a comment above the apps.
func (t importText) whole(source []byte) ([]byte, error) {
	byHand := ""
	for _, a := range t.known() {
		with, err := config.InsertRoles(source, a.ID, func(indent int) string { return a.Additions(t.found.Ways, indent) })
		if err != nil {
			byHand += a.Comment(t.found.Ways, 2)
			continue
		}
		source = with
	}
	fresh := t.proposal.Items(t.found.Ways, 0) != ""
	if !fresh && byHand == "" {
		return source, nil
	}
	out, err := config.InsertApps(source, func(indent int) string { return byHand + t.proposal.Items(t.found.Ways, indent) })
	if err != nil || t.routes {
		return out, err
	}
	return append(out, "\n"+firstRoutes...), nil
}
