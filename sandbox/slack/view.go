package slack

import (
	"fmt"
	"slices"
)

// maxStack is how many modals may lie on each other.
// See docs.slack.dev/reference/methods/views.push.
const maxStack = 3

// View is a modal or a Home tab as one person sees it.
type View struct {
	ID              string   `json:"id"`
	Type            string   `json:"type"` // "modal" or "home"
	User            string   `json:"user"`
	CallbackID      string   `json:"callback_id,omitempty"`
	ExternalID      string   `json:"external_id,omitempty"`
	PrivateMetadata string   `json:"private_metadata,omitempty"`
	Hash            string   `json:"hash"`
	RootID          string   `json:"root_view_id"`
	PreviousID      string   `json:"previous_view_id,omitempty"`
	Title           string   `json:"title,omitempty"`
	SubmitLabel     string   `json:"submit,omitempty"`
	CloseLabel      string   `json:"close,omitempty"`
	ClearOnClose    bool     `json:"clear_on_close,omitempty"`
	NotifyOnClose   bool     `json:"notify_on_close,omitempty"`
	Blocks          []object `json:"blocks"`

	// State holds what was entered, by block_id and action_id.
	State map[string]map[string]object `json:"state,omitempty"`
	// Errors are the messages under fields, by block_id.
	Errors map[string]string `json:"errors,omitempty"`

	spec    object              // as the app sent it, ids filled in
	offered map[string][]Option // options last suggested, by action_id
}

// Views returns a person's open modals, the top one last.
func (s *Server) Views(userID string) []View {
	s.lock()
	defer s.unlock()
	var out []View
	for _, v := range s.world.stacks[userID] {
		out = append(out, v.copy())
	}
	return out
}

// Home returns the Home tab published to a person.
func (s *Server) Home(userID string) (View, bool) {
	s.lock()
	defer s.unlock()
	v := s.world.homes[userID]
	if v == nil {
		return View{}, false
	}
	return v.copy(), true
}

func (v *View) copy() View {
	out := *v
	out.Blocks, out.spec, out.offered = clone(v.Blocks), nil, nil
	out.State = values(v.State).copy()
	out.Errors = map[string]string{}
	for k, e := range v.Errors {
		out.Errors[k] = e
	}
	return out
}

func (w *world) view(id string) *View { return w.views[id] }

func (w *world) viewByExternalID(id string) *View {
	if id == "" {
		return nil
	}
	for _, v := range w.views {
		if v.ExternalID == id {
			return v
		}
	}
	return nil
}

func (w *world) top(userID string) *View {
	stack := w.stacks[userID]
	if len(stack) == 0 {
		return nil
	}
	return stack[len(stack)-1]
}

// openView shows a modal as the only one.
func (w *world) openView(userID string, spec object) *View {
	w.clearStack(userID)
	return w.pushView(userID, spec)
}

// pushView lays a modal on top of what is open.
func (w *world) pushView(userID string, spec object) *View {
	v := &View{ID: w.mint.id("V"), User: userID}
	v.RootID = v.ID
	if below := w.top(userID); below != nil {
		v.RootID, v.PreviousID = below.RootID, below.ID
	}
	w.setView(v, spec)
	w.views[v.ID] = v
	w.stacks[userID] = append(w.stacks[userID], v)
	return v
}

// publishHome replaces a person's Home tab.
func (w *world) publishHome(userID string, spec object) *View {
	v := w.homes[userID]
	if v == nil {
		v = &View{ID: w.mint.id("V"), User: userID}
		v.RootID = v.ID
		w.homes[userID], w.views[v.ID] = v, v
	}
	w.setView(v, spec)
	return v
}

// setView fills a view from what the app sent. Entered values survive where
// block_id and action_id are unchanged.
func (w *world) setView(v *View, spec object) {
	v.spec, v.Errors = spec, nil
	v.Type, v.CallbackID = str(spec, "type"), str(spec, "callback_id")
	v.ExternalID, v.PrivateMetadata = str(spec, "external_id"), str(spec, "private_metadata")
	v.Title, v.SubmitLabel, v.CloseLabel = textOf(spec, "title"), textOf(spec, "submit"), textOf(spec, "close")
	v.ClearOnClose, v.NotifyOnClose = flag(spec, "clear_on_close"), flag(spec, "notify_on_close")
	v.Blocks = objects(spec["blocks"])
	v.State = carryState(v.State, v.Blocks)
	v.Hash = fmt.Sprintf("%d.%s", w.now().Unix(), secret(4))
}

// dropView takes one modal off a stack, wherever it lies.
func (w *world) dropView(v *View) {
	delete(w.views, v.ID)
	w.stacks[v.User] = slices.DeleteFunc(w.stacks[v.User], func(o *View) bool { return o == v })
}

// clearStack closes all of a person's modals.
func (w *world) clearStack(userID string) {
	for _, v := range w.stacks[userID] {
		delete(w.views, v.ID)
	}
	delete(w.stacks, userID)
}

// viewWire is the view object of the Web API and of payloads.
func (w *world) viewWire(v *View, state object) object {
	o := object{
		"id": v.ID, "team_id": w.cfg.TeamID, "type": v.Type, "blocks": clone(v.Blocks),
		"private_metadata": v.PrivateMetadata, "callback_id": v.CallbackID, "external_id": v.ExternalID,
		"state": state, "hash": v.Hash, "clear_on_close": v.ClearOnClose, "notify_on_close": v.NotifyOnClose,
		"title": plain("View Title"), "close": nil, "submit": nil,
		"previous_view_id": nil, "root_view_id": v.RootID,
		"app_id": w.cfg.AppID, "bot_id": w.cfg.BotID, "app_installed_team_id": w.cfg.TeamID,
	}
	for _, key := range []string{"title", "close", "submit"} {
		if v.spec[key] != nil {
			o[key] = cloneAny(v.spec[key])
		}
	}
	if v.PreviousID != "" {
		o["previous_view_id"] = v.PreviousID
	}
	return o
}

// viewNow is the view with what was entered so far, as payloads carry it.
func (w *world) viewNow(v *View) object {
	return w.viewWire(v, values(v.State).wire(w.cfg.EmptyStateAsList))
}
