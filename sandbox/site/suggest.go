package site

import (
	"encoding/json"
	"net/http"
	"strings"

	"latchkey/sandbox/slack/kit"
	"latchkey/sandbox/slack/world"
)

// maxOffered is how many things a menu shows at once.
const maxOffered = 100

// serveSuggestions answers what a menu has for what somebody typed: of the app, of people or channels, or of what it holds.
func (s *Site) serveSuggestions(w http.ResponseWriter, r *http.Request) {
	var a act
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxAct)).Decode(&a); err != nil {
		http.Error(w, "that can't be read: "+err.Error(), http.StatusBadRequest)
		return
	}
	offered, err := s.suggest(r, a)
	out := struct {
		result
		Options []world.Option `json:"options"`
	}{Options: offered}
	if err != nil {
		out.Shows = sentence(err)
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(out) // the browser has gone if this fails
}

func (s *Site) suggest(r *http.Request, a act) (offered []world.Option, err error) {
	who, _ := s.world.Slack.UserByName(a.As)
	if a.Do == "command" {
		return s.typed(a.Text), nil
	}
	kind, element := s.elementOf(who, a)
	switch {
	case strings.HasSuffix(kind, "external_select"):
		return s.world.Slack.Suggest(r.Context(), who.ID, a.View, a.Action, a.Text)
	case strings.HasSuffix(kind, "users_select"):
		for _, u := range s.world.Slack.Users() {
			if !u.Deleted && !u.IsBot {
				offered = append(offered, world.Option{Text: called(u), Value: u.ID, Description: u.Title})
			}
		}
	case strings.HasSuffix(kind, "channels_select"), strings.HasSuffix(kind, "conversations_select"):
		for _, c := range s.world.Slack.Channels() {
			if !c.IM {
				offered = append(offered, world.Option{Text: "#" + c.Name, Value: c.ID})
			}
		}
	default:
		for _, o := range kit.OptionsOf(element) {
			offered = append(offered, world.Option{Text: kit.TextOf(o, "text"), Value: kit.Str(o, "value"), Description: kit.TextOf(o, "description")})
		}
	}
	return matching(offered, a.Text), nil
}

// matching are the options that begin a word with what was typed.
func matching(all []world.Option, typed string) (some []world.Option) {
	typed = strings.ToLower(strings.TrimSpace(typed))
	for _, o := range all {
		if strings.Contains(" "+strings.ToLower(o.Text+" "+o.Description), " "+typed) && len(some) < maxOffered {
			some = append(some, o)
		}
	}
	return some
}

// elementOf is the element that somebody types into.
func (s *Site) elementOf(who world.User, a act) (kind string, e kit.Object) {
	var blocks []kit.Object
	if v, ok := s.viewOf(who, a.View); ok {
		blocks = v.Blocks
	} else if m, ok := s.world.Slack.Message(a.Channel, a.TS); ok {
		blocks = m.Blocks
	}
	for _, t := range kit.Slots(blocks) {
		if t.ActionID() == a.Action && t.BlockID() == a.Block {
			return t.Kind(), t.Element
		}
	}
	return "", nil
}

// typed completes the app's command.
func (s *Site) typed(text string) (offered []world.Option) {
	for _, w := range append([]Word{{"", "ask for access"}}, s.Words...) {
		line := strings.TrimSpace(s.Command + " " + w.Usage)
		if strings.HasPrefix(line, strings.TrimLeft(text, " ")) && strings.HasPrefix(text, "/") {
			offered = append(offered, world.Option{Text: line, Value: line, Description: w.Does})
		}
	}
	return offered
}
