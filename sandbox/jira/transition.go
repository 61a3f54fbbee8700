package jira

import (
	"encoding/json"
	"net/http"
	"slices"
)

// step is a transition as asked for: what else is to happen in the same
// request.
type step struct {
	id       string
	fields   map[string]json.RawMessage
	update   map[string][]operation
	props    []property
	metadata json.RawMessage
	dialect  dialect
}

// operation is one entry of "update": {"add": …}, {"set": …}, ….
type operation map[string]json.RawMessage

// advance runs a transition with everything that comes with it, or nothing.
func (w *world) advance(is *issue, who string, s step) error {
	t, err := w.allowed(is, s.id)
	if err != nil {
		return err
	}
	resolution, err := w.screen(t, s)
	if err != nil {
		return err
	}
	notes, err := readNotes(s)
	if err != nil {
		return err
	}
	if err := checkAll(s.props); err != nil {
		return err
	}
	items := w.enter(is, w.flow.status(t.To))
	items = append(items, w.applyResolution(is, t, resolution)...)
	w.record(is, who, s.metadata, items...)
	for _, n := range notes {
		w.addComment(is, who, n.body, true, n.props)
	}
	for _, p := range s.props {
		w.setProperty(is, p)
	}
	return nil
}

// allowed finds the transition if it leaves the current status.
func (w *world) allowed(is *issue, id string) (*Transition, error) {
	if id == "" {
		return nil, refuse(http.StatusBadRequest, "Missing 'transition' identifier")
	}
	t := w.flow.transition(id)
	if t == nil {
		return nil, refuse(http.StatusBadRequest, "Transition id '%s' is not valid for this issue.", id)
	}
	if !slices.Contains(w.flow.offered(is.status), t) {
		return nil, refuse(http.StatusBadRequest, "It seems that you have tried to perform a workflow operation (%s) "+
			"that is not valid for the current state of this issue %s. The likely cause is that somebody has changed "+
			"the issue recently, please look at the issue history for details.", t.Name, is.key)
	}
	return t, nil
}

// screen checks the fields against the transition screen and returns the
// resolution asked for.
func (w *world) screen(t *Transition, s step) (string, error) {
	for id := range s.fields {
		if _, twice := s.update[id]; twice {
			return "", badField(id, "Field '%s' cannot appear in both 'fields' and 'update'", id)
		}
		if t.screenField(id) == nil || id != "resolution" {
			return "", notScreened(id)
		}
	}
	for id := range s.update {
		if id != "comment" {
			return "", notScreened(id)
		}
	}
	for _, sf := range t.Screen {
		if _, given := s.fields[sf.ID]; sf.Required && !given {
			return "", badField(sf.ID, "%s is required.", w.fieldName(sf.ID))
		}
	}
	raw, given := s.fields["resolution"]
	if !given {
		return "", nil
	}
	return w.parseResolution(raw)
}

func (w *world) parseResolution(raw json.RawMessage) (string, error) {
	var ref struct{ ID, Name string }
	if err := json.Unmarshal(raw, &ref); err != nil || ref.ID == "" && ref.Name == "" {
		return "", badField("resolution", "Could not find valid 'id' or 'name' in resolution object.")
	}
	name := w.resolutionName(ref.ID, ref.Name)
	if name == "" {
		return "", badField("resolution", "Resolution name '%s' is not valid", ref.Name+ref.ID)
	}
	return name, nil
}

// applyResolution sets what the screen asked for; leaving a done status
// clears the resolution as the usual post function does.
func (w *world) applyResolution(is *issue, t *Transition, name string) []changeItem {
	if name == "" && w.flow.status(t.To).Category == "done" {
		return nil
	}
	return w.setResolution(is, name)
}

type note struct {
	body  rich
	props []property
}

// readNotes reads update.comment.
func readNotes(s step) ([]note, error) {
	var notes []note
	for _, op := range s.update["comment"] {
		raw, ok := op["add"]
		if !ok || len(op) != 1 {
			return nil, badField("comment", "Only the operation 'add' is supported for comments.")
		}
		var in struct {
			Body       json.RawMessage
			Properties []property
		}
		if err := json.Unmarshal(raw, &in); err != nil {
			return nil, badField("comment", "Comment body is not valid!")
		}
		n, err := readNote(in.Body, in.Properties, s.dialect)
		if err != nil {
			return nil, inField("comment", err)
		}
		notes = append(notes, n)
	}
	return notes, nil
}

func readNote(body json.RawMessage, props []property, d dialect) (note, error) {
	if len(body) == 0 {
		return note{}, refuse(http.StatusBadRequest, "Comment body can not be empty!")
	}
	text, err := d.read(body)
	if err != nil {
		return note{}, err
	}
	if text.empty() {
		return note{}, refuse(http.StatusBadRequest, "Comment body can not be empty!")
	}
	return note{text, props}, checkAll(props)
}
