package world

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// App is an application that groups are assigned to.
type App struct {
	ID, Name, Label string
	Status          string   // ACTIVE if empty
	Groups          []string // names or ids of the assigned groups
	People          []string // logins or ids of the accounts that it is assigned to without a group
	// Roles are what the application makes of a group's members, by what Groups calls the group; for applications that
	// have such an attribute.
	Roles map[string]string
}

// LiveApp is an application as it stands; Assigned are its groups, and InPerson those who have it without one.
type LiveApp struct {
	App
	Seq      int64
	Created  time.Time
	Assigned []*LiveGroup
	InPerson []*LiveUser
	role     map[string]string // by the group's id
}

// AppUser is an account that an application lets in; Group is the first group by which it does, nil where it is assigned
// in person.
type AppUser struct {
	*LiveUser
	Group *LiveGroup
}

// Role is what the application makes of a group's members; "" if it has no such attribute.
func (a *LiveApp) Role(g *LiveGroup) string { return a.role[g.ID] }

// Users are everybody whom the application lets in, each once, in the order of their accounts.
func (a *LiveApp) Users() (out []AppUser) {
	seen := map[string]bool{}
	add := func(u *LiveUser, g *LiveGroup) {
		if !seen[u.ID] {
			seen[u.ID] = true
			out = append(out, AppUser{u, g})
		}
	}
	for _, u := range a.InPerson {
		add(u, nil)
	}
	for _, g := range a.Assigned {
		for _, m := range g.InOrder() {
			add(m.LiveUser, g)
		}
	}
	slices.SortFunc(out, func(a, b AppUser) int { return cmp.Compare(a.Seq, b.Seq) })
	return out
}

// AddApp creates an application and assigns its groups.
func (w *World) AddApp(in App) App {
	w.Update(func(s *State) {
		a := &LiveApp{Seq: s.next(), Created: s.Now(), role: map[string]string{}}
		in.ID = cmp.Or(in.ID, fmt.Sprintf("0oa%017d", a.Seq))
		in.Status, in.Label = cmp.Or(in.Status, "ACTIVE"), cmp.Or(in.Label, in.Name)
		in.Name = cmp.Or(in.Name, strings.ToLower(in.Label))
		a.App = in
		for _, name := range in.Groups {
			if g := s.groupNamed(name); g != nil {
				a.Assigned = append(a.Assigned, g)
				a.role[g.ID] = in.Roles[name]
			}
		}
		slices.SortFunc(a.Assigned, func(a, b *LiveGroup) int { return cmp.Compare(a.Seq, b.Seq) }) // as a listing's pages go on
		for _, login := range in.People {
			if u := s.FindUser(login); u != nil {
				a.InPerson = append(a.InPerson, u)
			}
		}
		s.AppByID[a.ID] = a
		s.note("app.saved", a.ID)
	})
	return in
}

// SortedApps lists all applications in the order of their creation.
func (s *State) SortedApps() []*LiveApp {
	all := make([]*LiveApp, 0, len(s.AppByID))
	for _, a := range s.AppByID {
		all = append(all, a)
	}
	slices.SortFunc(all, func(a, b *LiveApp) int { return cmp.Compare(a.Seq, b.Seq) })
	return all
}

// Attribute is one property of the application as expressions name it.
func (a *LiveApp) Attribute(name string) []string {
	switch name {
	case "id":
		return []string{a.ID}
	case "status":
		return []string{a.Status}
	}
	return []string{a.Name}
}

func (a *LiveApp) target() Target {
	return Target{ID: a.ID, Type: "AppInstance", AlternateID: a.Label, DisplayName: a.Label}
}
