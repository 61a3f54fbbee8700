package proposal_test

import (
	"bufio"
	"os"
	"strings"
	"testing"

	"latchkey/catalog"
	"latchkey/catalog/proposal"
)

// rows are the lines of a table in testdata, by column.
func rows(t *testing.T, file string) (out [][]string) {
	t.Helper()
	f, err := os.Open("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	for s := bufio.NewScanner(f); s.Scan(); {
		if line := s.Text(); line != "" && !strings.HasPrefix(line, "#") {
			out = append(out, strings.Split(line, "\t"))
		}
	}
	return out
}

// company puts groups and the applications they are assigned to together.
type company struct {
	source proposal.Source
	place  map[string]int
}

func (c *company) app(name string) int {
	i, there := c.place[name]
	if !there {
		i = len(c.source.Apps)
		c.source.Apps = append(c.source.Apps, proposal.App{ID: "app-" + name, Name: name, Active: true})
		c.place[name] = i
	}
	return i
}

func (c *company) group(g proposal.Group, apps ...string) {
	g.ID = "id-" + g.Name
	c.source.Groups = append(c.source.Groups, g)
	for _, a := range apps {
		i := c.app(a)
		c.source.Apps[i].Groups = append(c.source.Apps[i].Groups, proposal.Assignment{GroupID: g.ID})
	}
}

func newCompany() *company {
	return &company{source: proposal.Source{Directory: "okta"}, place: map[string]int{}}
}

// known is the company of the table, and its rows.
func known(t *testing.T) (*company, [][]string) {
	t.Helper()
	c, table := newCompany(), rows(t, "known_roles.tsv")
	for _, row := range table {
		c.app(row[2])
		if row[1] == "-" {
			c.group(proposal.Group{Name: row[0], Governable: true, Members: 3})
			continue
		}
		c.group(proposal.Group{Name: row[0], Governable: true, Members: 3}, row[1])
	}
	return c, table
}

// TestKnownRoles counts how many of the forty are proposed as a human would have them: what is proposed otherwise misleads a
// reviewer, what isn't proposed only costs them work.
func TestKnownRoles(t *testing.T) {
	c, table := known(t)
	got := map[string][3]string{}
	for _, a := range proposal.Propose(c.source).Apps {
		for _, r := range a.Roles {
			kind := r.Kind
			if kind == "" {
				kind = catalog.Everyday
			}
			got[r.Called] = [3]string{a.Name, r.Name, string(kind)}
		}
	}
	right, wrong := 0, 0
	for _, row := range table {
		is, proposed := got[row[0]]
		switch want := [3]string{row[2], row[3], row[4]}; {
		case !proposed:
			t.Logf("not proposed: %s", row[0])
		case is == want:
			right++
		default:
			wrong++
			t.Logf("%s: %q, want %q", row[0], is, want)
		}
	}
	t.Logf("of %d known roles %d are proposed rightly, %d wrongly", len(table), right, wrong)
	if len(table) != 40 || right < 34 || wrong > 2 {
		t.Errorf("of %d known roles %d are proposed rightly and %d wrongly: at least 34 and at most 2 are asked for", len(table), right, wrong)
	}
}

// TestNothingIsLeftOutSilently: what can't be a role is named with the reason.
func TestNothingIsLeftOutSilently(t *testing.T) {
	c := newCompany()
	for _, row := range rows(t, "left_out.tsv") {
		var apps []string
		if row[1] != "-" {
			apps = strings.Split(row[1], ";")
		}
		g := proposal.Group{Name: row[0], Governable: true, Members: 3}
		switch row[2] {
		case "protected":
			c.source.Protected = append(c.source.Protected, catalog.GroupRef{Directory: "okta", Group: strings.ToUpper(row[0])})
		case "builtin":
			g.Governable, g.Why = false, "It is built into Okta: use a group of your own."
		case "synced":
			g.Governable, g.Why = false, "It is mastered by an application: change its members there."
		case "rule":
			g.Governable, g.Why = false, "It is fed by the group rule “everybody”: change the rule."
		}
		c.group(g, apps...)
	}
	c.source.Apps[c.app("Okta Admin Console")].Why = "It is a part of Okta itself."
	p := proposal.Propose(c.source)
	var said strings.Builder
	for _, a := range p.Aside {
		said.WriteString(a.About + " " + a.Why + "\n")
	}
	for _, a := range p.Apps {
		for _, r := range a.Roles {
			t.Errorf("%s is proposed as %s · %s", r.Called, a.Name, r.Name)
		}
		for _, g := range a.Aside {
			said.WriteString(g.About + " " + g.Why + "\n")
		}
	}
	for _, row := range rows(t, "left_out.tsv") {
		if !strings.Contains(said.String(), row[3]) || row[1] != "Okta Admin Console" && !strings.Contains(said.String(), row[0]) {
			t.Errorf("nothing says %q of %s", row[3], row[0])
		}
	}
	if t.Failed() {
		t.Log(said.String())
	}
}
