package world

import (
	"errors"
	"fmt"
	"slices"
)

// Workflow is the project's workflow as it stands, to be changed and given back
// to SetWorkflow.
func (w *World) Workflow() Workflow {
	w.mu.Lock()
	defer w.mu.Unlock()
	return *w.state.Workflow.clone()
}

func (f *Workflow) clone() *Workflow {
	out := &Workflow{Initial: f.Initial, Statuses: slices.Clone(f.Statuses), Transitions: slices.Clone(f.Transitions)}
	for i := range out.Transitions {
		t := &out.Transitions[i]
		t.From, t.Screen = slices.Clone(t.From), slices.Clone(t.Screen)
	}
	return out
}

// EditStatus changes what a status is called, in the workflow or in the portal,
// as an administrator may at any time. Its id stays, and so do the issues in it.
func (w *World) EditStatus(name string, edit func(*Status)) error {
	return w.Update(func(s *State) error {
		st := s.Workflow.FindStatus(name)
		if st == nil {
			return fmt.Errorf("jira: no status is called %q", name)
		}
		now := *st
		edit(&now)
		if other := s.Workflow.FindStatus(now.Name); now.Name == "" || other != nil && other != st {
			return fmt.Errorf("jira: a status can't be called %q: the name is empty or taken", now.Name)
		}
		s.Workflow.rename(st.Name, now.Name)
		st.Name, st.Portal = now.Name, now.Portal
		s.note("workflow.changed", st.ID)
		return nil
	})
}

// rename carries a status's new name into everything that refers to it by name.
func (f *Workflow) rename(from, to string) {
	if f.Initial == from {
		f.Initial = to
	}
	for i := range f.Transitions {
		t := &f.Transitions[i]
		if t.To == from {
			t.To = to
		}
		for j := range t.From {
			if t.From[j] == from {
				t.From[j] = to
			}
		}
	}
}

// SetField adds a field to the site, or changes the one with the same id: its
// name, its options, whether it is on the form and required. What kind of field it
// is can't be changed once there are issues, whose values would be lost.
func (w *World) SetField(f Field) error {
	return w.Update(func(s *State) error {
		if f.Kind() == kindReadOnly && f.Custom != "" {
			return fmt.Errorf("jira: fields like %q (%s) are not modelled", f.Name, f.Custom)
		}
		old := s.FieldByID(f.ID)
		switch {
		case old == nil:
			s.Fields = append(s.Fields, f)
		case old.Custom != f.Custom && len(s.InOrder) > 0:
			return errors.New("jira: the kind of a field can't be changed: there are issues with it already")
		default:
			*old = f
		}
		s.note("field.changed", f.ID)
		return nil
	})
}

// fieldName is how a person knows a field.
func (s *State) fieldName(id string) string {
	if f := s.FieldByID(id); f != nil {
		return f.Name
	}
	return id
}
