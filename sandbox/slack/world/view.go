package world

import (
	"fmt"
	"slices"

	"latchkey/sandbox/slack/kit"
)

// MaxModals is how many modals may lie on each other.
// See docs.slack.dev/reference/methods/views.push.
const MaxModals = 3

// View is a modal or a Home tab as one person sees it.
type View struct {
	ID              string       `json:"id"`
	Type            string       `json:"type"` // "modal" or "home"
	User            string       `json:"user"`
	CallbackID      string       `json:"callback_id,omitempty"`
	ExternalID      string       `json:"external_id,omitempty"`
	PrivateMetadata string       `json:"private_metadata,omitempty"`
	Hash            string       `json:"hash"`
	RootID          string       `json:"root_view_id"`
	PreviousID      string       `json:"previous_view_id,omitempty"`
	Title           string       `json:"title,omitempty"`
	SubmitLabel     string       `json:"submit,omitempty"`
	CloseLabel      string       `json:"close,omitempty"`
	ClearOnClose    bool         `json:"clear_on_close,omitempty"`
	NotifyOnClose   bool         `json:"notify_on_close,omitempty"`
	Blocks          []kit.Object `json:"blocks"`

	// State holds what was entered, by block_id and action_id.
	State map[string]map[string]kit.Object `json:"state,omitempty"`
	// Errors are the messages under fields, by block_id.
	Errors map[string]string `json:"errors,omitempty"`

	Spec    kit.Object          `json:"-"` // as the app sent it, ids filled in
	Offered map[string][]Option `json:"-"` // options last suggested, by action_id
}

// Views returns a person's open modals, the top one last.
func (w *World) Views(userID string) []View {
	s := w.Lock()
	defer w.Unlock()
	return s.modalsOf(userID)
}

func (s *State) modalsOf(userID string) []View {
	var out []View
	for _, v := range s.Modals[userID] {
		out = append(out, v.Copy())
	}
	return out
}

// Home returns the Home tab published to a person.
func (w *World) Home(userID string) (View, bool) {
	s := w.Lock()
	defer w.Unlock()
	v := s.Homes[userID]
	if v == nil {
		return View{}, false
	}
	return v.Copy(), true
}

// Copy is the view for somebody who looks: nothing in it changes later.
func (v *View) Copy() View {
	out := *v
	out.Blocks, out.Spec, out.Offered = kit.Clone(v.Blocks), nil, nil
	out.State = kit.Values(v.State).Copy()
	out.Errors = map[string]string{}
	for k, e := range v.Errors {
		out.Errors[k] = e
	}
	return out
}

// ViewByID finds a view that is open or published; nil if there is none.
func (s *State) ViewByID(id string) *View { return s.views[id] }

// ViewByExternalID finds a view by the id the app gave it; nil if there is
// none.
func (s *State) ViewByExternalID(id string) *View {
	if id == "" {
		return nil
	}
	for _, v := range s.views {
		if v.ExternalID == id {
			return v
		}
	}
	return nil
}

// TopModal is the modal that a person can act on; nil if none is open.
func (s *State) TopModal(userID string) *View {
	stack := s.Modals[userID]
	if len(stack) == 0 {
		return nil
	}
	return stack[len(stack)-1]
}

// OpenView shows a modal as the only one.
func (s *State) OpenView(userID string, spec kit.Object) *View {
	s.CloseViews(userID)
	return s.PushView(userID, spec)
}

// PushView lays a modal on top of what is open.
func (s *State) PushView(userID string, spec kit.Object) *View {
	v := &View{ID: s.mint.id("V"), User: userID}
	v.RootID = v.ID
	if below := s.TopModal(userID); below != nil {
		v.RootID, v.PreviousID = below.RootID, below.ID
	}
	s.setView(v, spec)
	s.views[v.ID] = v
	s.Modals[userID] = append(s.Modals[userID], v)
	s.Note("view.opened", v.ID)
	return v
}

// PublishHome replaces a person's Home tab.
func (s *State) PublishHome(userID string, spec kit.Object) *View {
	v := s.Homes[userID]
	if v == nil {
		v = &View{ID: s.mint.id("V"), User: userID}
		v.RootID = v.ID
		s.Homes[userID], s.views[v.ID] = v, v
	}
	s.setView(v, spec)
	s.Note("home.published", v.ID)
	return v
}

// UpdateView replaces what a view shows.
func (s *State) UpdateView(v *View, spec kit.Object) {
	s.setView(v, spec)
	s.Note("view.updated", v.ID)
}

// ShowErrors puts messages under the fields of a view, by block_id.
func (s *State) ShowErrors(v *View, errors map[string]string) {
	v.Errors = errors
	s.Note("view.updated", v.ID)
}

// CheckForm shows under the fields what the client says before it sends anything.
func (s *State) CheckForm(v *View) {
	errors := map[string]string{}
	for _, t := range kit.Slots(v.Blocks) {
		if !t.Input {
			continue
		}
		if text := kit.Refuse(t, v.State[t.BlockID()][t.ActionID()]); text != "" {
			errors[t.BlockID()] = text
		}
	}
	s.ShowErrors(v, errors)
}

// setView fills a view from what the app sent. Entered values survive where
// block_id and action_id are unchanged.
func (s *State) setView(v *View, spec kit.Object) {
	v.Spec, v.Errors = spec, nil
	v.Type, v.CallbackID = kit.Str(spec, "type"), kit.Str(spec, "callback_id")
	v.ExternalID, v.PrivateMetadata = kit.Str(spec, "external_id"), kit.Str(spec, "private_metadata")
	v.Title, v.SubmitLabel, v.CloseLabel = kit.TextOf(spec, "title"), kit.TextOf(spec, "submit"), kit.TextOf(spec, "close")
	v.ClearOnClose, v.NotifyOnClose = kit.Flag(spec, "clear_on_close"), kit.Flag(spec, "notify_on_close")
	v.Blocks = kit.Objects(spec["blocks"])
	v.State = kit.CarryState(v.State, v.Blocks)
	v.Hash = fmt.Sprintf("%d.%s", s.Now().Unix(), kit.Secret(4))
}

// CloseView takes one modal off a stack, wherever it lies.
func (s *State) CloseView(v *View) {
	delete(s.views, v.ID)
	s.Note("view.closed", v.ID)
	s.Modals[v.User] = slices.DeleteFunc(s.Modals[v.User], func(o *View) bool { return o == v })
}

// CloseViews closes all of a person's modals.
func (s *State) CloseViews(userID string) {
	for _, v := range s.Modals[userID] {
		delete(s.views, v.ID)
		s.Note("view.closed", v.ID)
	}
	delete(s.Modals, userID)
}

// Offer keeps what the app suggested for a menu of a view: besides what it
// suggested before, or in its stead.
func (v *View) Offer(actionID string, options []Option, keep bool) {
	if v.Offered == nil || !keep {
		v.Offered = map[string][]Option{actionID: nil}
	}
	v.Offered[actionID] = append(v.Offered[actionID], options...)
}
