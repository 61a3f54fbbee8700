package world

import (
	"encoding/json"
	"maps"
	"slices"
)

// TransitionInput is a transition as asked for: what else is to happen in the same
// request.
type TransitionInput struct {
	Transition string
	Fields     map[string]json.RawMessage
	Update     map[string][]Operation
	Properties []Property
	Metadata   json.RawMessage
	Dialect    Dialect
}

// Operation is one entry of "update": {"add": …}, {"set": …}, ….
type Operation map[string]json.RawMessage

// Transition runs a transition with everything that comes with it, or nothing. As
// in Jira, a comment is dropped without a word unless the transition has a screen
// with the Comment field.
func (s *State) Transition(is *LiveIssue, who string, ask TransitionInput) error {
	t, err := s.allowed(is, ask.Transition)
	if err != nil {
		return err
	}
	resolution, err := s.screen(t, ask)
	if err != nil {
		return err
	}
	notes, err := readNotes(ask)
	if err != nil {
		return err
	}
	if err := CheckProperties(ask.Properties); err != nil {
		return err
	}
	if len(t.Screen) == 0 && s.Settings.BareTransitions {
		ask.Properties, ask.Metadata = nil, nil
	}
	items := s.enter(is, s.Workflow.FindStatus(t.To))
	items = append(items, s.applyResolution(is, t, resolution)...)
	for _, id := range slices.Sorted(maps.Keys(ask.Fields)) {
		if f := s.FieldByID(id); id != resolutionField && f != nil {
			shown, err := s.SetField(is, f, ask.Fields[id], ask.Dialect)
			if err != nil {
				return err
			}
			items = append(items, shown...)
		}
	}
	s.LogChange(is, who, ask.Metadata, items...)
	if t.screenField(commentField) == nil {
		notes = nil
	}
	for _, n := range notes {
		s.AddComment(is, who, n.Body, true, n.Properties)
	}
	for _, p := range ask.Properties {
		s.SetProperty(is, p)
	}
	return nil
}

const commentField, resolutionField = "comment", "resolution"

// allowed finds the transition if it leaves the current status.
func (s *State) allowed(is *LiveIssue, id string) (*Transition, error) {
	if id == "" {
		return nil, invalid("Missing 'transition' identifier")
	}
	t := s.Workflow.FindTransition(id)
	if t == nil {
		return nil, invalid("Transition id '%s' is not valid for this issue.", id)
	}
	if !slices.Contains(s.Workflow.Offered(is.Status), t) {
		return nil, invalid("It seems that you have tried to perform a workflow operation (%s) "+
			"that is not valid for the current state of this issue %s. The likely cause is that somebody has changed "+
			"the issue recently, please look at the issue history for details.", t.Name, is.Key)
	}
	return t, nil
}

// screen checks the fields against the transition screen and returns the
// resolution asked for.
func (s *State) screen(t *Transition, ask TransitionInput) (string, error) {
	for _, id := range slices.Sorted(maps.Keys(ask.Fields)) {
		if _, twice := ask.Update[id]; twice {
			return "", BadField(id, "Field '%s' cannot appear in both 'fields' and 'update'", id)
		}
		f := s.FieldByID(id)
		if t.screenField(id) == nil || f == nil {
			return "", NotScreened(id)
		}
		if id == resolutionField {
			continue
		}
		if _, err := s.parse(f, ask.Fields[id], ask.Dialect); err != nil {
			return "", InField(id, err)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(ask.Update)) {
		if id != commentField {
			return "", NotScreened(id)
		}
	}
	for _, sf := range t.Screen {
		_, given := ask.Fields[sf.ID]
		if given = given || len(ask.Update[sf.ID]) > 0; sf.Required && !given {
			return "", BadField(sf.ID, "%s is required.", s.fieldName(sf.ID))
		}
	}
	raw, given := ask.Fields[resolutionField]
	if !given {
		return "", nil
	}
	return s.parseResolution(raw)
}

func (s *State) parseResolution(raw json.RawMessage) (string, error) {
	var ref struct{ ID, Name string }
	if err := json.Unmarshal(raw, &ref); err != nil || ref.ID == "" && ref.Name == "" {
		return "", BadField("resolution", "Could not find valid 'id' or 'name' in resolution object.")
	}
	name := s.resolutionName(ref.ID, ref.Name)
	if name == "" {
		return "", BadField("resolution", "Resolution name '%s' is not valid", ref.Name+ref.ID)
	}
	return name, nil
}

// applyResolution sets what the screen asked for; leaving a done status
// clears the resolution as the usual post function does.
func (s *State) applyResolution(is *LiveIssue, t *Transition, name string) []ChangedField {
	if name == "" && s.Workflow.FindStatus(t.To).Category == "done" {
		return nil
	}
	return s.setResolution(is, name)
}

// CommentInput is a comment as asked for.
type CommentInput struct {
	Body       RichText
	Properties []Property
}

// readNotes reads update.comment.
func readNotes(ask TransitionInput) ([]CommentInput, error) {
	var notes []CommentInput
	for _, op := range ask.Update["comment"] {
		raw, ok := op["add"]
		if !ok || len(op) != 1 {
			return nil, BadField("comment", "Only the operation 'add' is supported for comments.")
		}
		var in struct {
			Body       json.RawMessage
			Properties []Property
		}
		if err := json.Unmarshal(raw, &in); err != nil {
			return nil, BadField("comment", "Comment body is not valid!")
		}
		n, err := ReadComment(in.Body, in.Properties, ask.Dialect)
		if err != nil {
			return nil, InField("comment", err)
		}
		notes = append(notes, n)
	}
	return notes, nil
}

// ReadComment checks what a caller wants to write.
func ReadComment(body json.RawMessage, props []Property, d Dialect) (CommentInput, error) {
	if len(body) == 0 {
		return CommentInput{}, invalid("Comment body can not be empty!")
	}
	text, err := d.read(body)
	if err != nil {
		return CommentInput{}, err
	}
	if text.Empty() {
		return CommentInput{}, invalid("Comment body can not be empty!")
	}
	return CommentInput{text, props}, CheckProperties(props)
}
