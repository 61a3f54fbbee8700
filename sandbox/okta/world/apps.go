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
}

// LiveApp is an application as it stands; Assigned are its groups.
type LiveApp struct {
	App
	Seq      int64
	Created  time.Time
	Assigned []*LiveGroup
}

// AddApp creates an application and assigns its groups.
func (w *World) AddApp(in App) App {
	w.Update(func(s *State) {
		a := &LiveApp{Seq: s.next(), Created: s.Now()}
		in.ID = cmp.Or(in.ID, fmt.Sprintf("0oa%017d", a.Seq))
		in.Status, in.Label = cmp.Or(in.Status, "ACTIVE"), cmp.Or(in.Label, in.Name)
		in.Name = cmp.Or(in.Name, strings.ToLower(in.Label))
		a.App = in
		for _, name := range in.Groups {
			if g := s.groupNamed(name); g != nil {
				a.Assigned = append(a.Assigned, g)
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
