package plan

import (
	"slices"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/catalog"
)

// Answers say what would come of an ask of somebody under one of the two catalogues. An error that is no
// refusal says that it couldn't be found out.
type Answers func(role catalog.RoleRef, wanted time.Duration) (access.Request, error)

// File is one of the two sides: a catalogue, and what decides beside it.
type File struct {
	Side
	Catalog  *catalog.Catalog
	Admins   []string // addresses of people.admins
	Fallback []string // and of people.fallback
	Resolve  Resolve  // nil: by what is written down
}

// Comparison gathers what is different. It holds of people no more than names up to a bound, however many
// are judged.
type Comparison struct {
	files    [2]File
	affected []catalog.RoleRef // of which something may be different
	lines    map[lineKey]*gathered
	powers   map[catalog.RoleRef]map[string]*power
	endless  map[catalog.RoleRef]*[2]bool // by side, whether anybody may hold it with no end
	lacks    [2]map[lack]*gathered
	unknown  map[string]bool
	kinds    []Kind
	people   int
	requests int
}

// was and becomes are the places of the two sides.
const (
	was     = 0
	becomes = 1
)

type lineKey struct {
	section     Section
	sign        Sign
	about, says string
}

// Compare begins a comparison with what the two files say by themselves.
func Compare(before, after File) *Comparison {
	c := &Comparison{
		files: [2]File{before, after}, lines: map[lineKey]*gathered{}, powers: map[catalog.RoleRef]map[string]*power{},
		endless: map[catalog.RoleRef]*[2]bool{}, lacks: [2]map[lack]*gathered{{}, {}}, unknown: map[string]bool{},
	}
	for i := range c.files {
		c.files[i].Version = c.files[i].Catalog.Version()
		if c.files[i].Resolve == nil {
			c.files[i].Resolve = written(c.files[i])
		}
	}
	c.settings()
	for _, ref := range c.roles() {
		if c.mayDiffer(ref) {
			c.affected = append(c.affected, ref)
		}
	}
	return c
}

// Affected are the roles of which something may be different for somebody.
func (c *Comparison) Affected() []catalog.RoleRef { return c.affected }

// Person compares what would come of what somebody asks for.
func (c *Comparison) Person(name string, before, after Answers) {
	c.people++
	c.judge(one{name: name}, before, after)
}

// Unknown notes that something couldn't be found out.
func (c *Comparison) Unknown(what string) { c.unknown[what] = true }

// Note adds a line about somebody or something that is named.
func (c *Comparison) Note(l Line, name string) {
	c.gather(lineKey{l.Section, l.Sign, l.About, l.Says}, one{name: name})
}

func (c *Comparison) gather(k lineKey, who one) {
	g := c.lines[k]
	if g == nil {
		g = &gathered{}
		c.lines[k] = g
	}
	g.add(who)
}

// judge compares the outcomes of one after the other role.
func (c *Comparison) judge(who one, before, after Answers) {
	for _, ref := range c.affected {
		lengths := c.lengths(ref)
		o, n := outcomeOf(before, ref, lengths), outcomeOf(after, ref, lengths)
		c.compare(ref, who, o, n)
		c.decided(ref, who, o, n)
	}
}

func (c *Comparison) compare(ref catalog.RoleRef, who one, o, n outcome) {
	about := c.label(ref)
	if e := c.endless[ref]; e == nil {
		c.endless[ref] = &[2]bool{}
	}
	c.endless[ref][was] = c.endless[ref][was] || o.endless()
	c.endless[ref][becomes] = c.endless[ref][becomes] || n.endless()
	switch {
	case o.unknown != "" || n.unknown != "":
		c.Unknown(about + ": " + strings.TrimSpace(o.unknown+" "+n.unknown))
	case !o.may() && n.may():
		c.gather(lineKey{Eligible, Gain, about, "can ask for it: " + n.ways() + ", " + n.longest()}, who)
	case o.may() && !n.may() && c.offered(becomes, ref):
		c.gather(lineKey{Eligible, Loss, about, "can't ask for it any more: " + n.why}, who)
	case o.may() && n.may():
		if o.ways() != n.ways() {
			c.gather(lineKey{Asked, Change, about, o.ways() + " → " + n.ways()}, who)
		}
		if o.longest() != n.longest() {
			c.gather(lineKey{Length, Change, about, o.longest() + " → " + n.longest()}, who)
		}
	}
}

// offered tells whether a side offers a role to anybody.
func (c *Comparison) offered(side int, ref catalog.RoleRef) bool {
	app, _, ok := c.files[side].Catalog.Role(ref.App, ref.Role)
	return ok && app.Offered()
}

// label is what people call a role, by the newer file where it has it.
func (c *Comparison) label(ref catalog.RoleRef) string {
	for _, side := range []int{becomes, was} {
		if app, role, ok := c.files[side].Catalog.Role(ref.App, ref.Role); ok {
			return app.Name + " · " + role.Name
		}
	}
	return ref.String()
}

// roles are those of both sides, in configured order of the newer one.
func (c *Comparison) roles() (out []catalog.RoleRef) {
	for _, side := range []int{becomes, was} {
		for _, a := range c.files[side].Catalog.Apps() {
			for _, r := range a.Roles {
				if ref := (catalog.RoleRef{App: a.ID, Role: r.ID}); !slices.Contains(out, ref) {
					out = append(out, ref)
				}
			}
		}
	}
	return out
}
