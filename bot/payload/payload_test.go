package payload

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"latchkey/bot/blocks"
)

func TestInteractionsAreReadAsTheyCome(t *testing.T) {
	in, err := DecodeInteraction([]byte(`{"type":"view_submission","team":null,"user":{"id":"U1"},"view":{"id":"V1","callback_id":"request","state":{"values":{
		"app":{"app":{"selected_option":{"value":"figma"}}},"reason":{"reason":{"value":"Launch"}},"person":{"person":{"selected_user":"U2"}}}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	v := in.View.State.Values
	if v.Choice("app", "app") != "figma" || v.Text("reason", "reason") != "Launch" || v.User("person", "person") != "U2" || v.Text("none", "none") != "" {
		t.Errorf("read %+v", v)
	}
	if in, err := DecodeInteraction([]byte(`{"view":{"state":{"values":[]}}}`)); err != nil || in.View.State.Values != nil {
		t.Errorf("an empty state as a list: %+v, %v", in, err)
	}
	if _, err := DecodeInteraction([]byte(`{"view":{"state":{"values":{"a":1}}}}`)); err == nil || !strings.Contains(err.Error(), "interaction payload") {
		t.Errorf("nonsense is read: %v", err)
	}
}

func TestWhoAnEventIsAbout(t *testing.T) {
	for raw, want := range map[string]string{
		`{"event":{"type":"message","user":"U1"}}`:            "U1",
		`{"event":{"type":"user_change","user":{"id":"U2"}}}`: "U2",
		`{"event":{"type":"message","user":null}}`:            "",
		`{"event":{"type":"message","user":5}}`:               "",
	} {
		if e, err := Decode[Event]([]byte(raw), "event"); err != nil || e.Person() != want {
			t.Errorf("%s is about %q, %v", raw, e.Person(), err)
		}
	}
}

func TestAcks(t *testing.T) {
	long, err := FieldError("reason", strings.Repeat("x", 5000))
	if err != nil || !strings.HasPrefix(string(long), `{"response_action":"errors","errors":{"reason":"xxx`) || len(long) > blocks.MaxErrorText+100 {
		t.Errorf("%d bytes, %v", len(long), err)
	}
	view, err := ReplaceView(blocks.Notice("Title", "Text"))
	if err != nil || !strings.Contains(string(view), `"response_action":"update"`) {
		t.Errorf("%s, %v", view, err)
	}
	if said, err := Ack(Ephemeral("Hello")); err != nil || string(said) != `{"response_type":"ephemeral","text":"Hello"}` {
		t.Errorf("%s, %v", said, err)
	}
	if _, err := Ack(func() {}); err == nil {
		t.Error("what can't be encoded is sent")
	}
}

func TestSmallConversions(t *testing.T) {
	if Number("7", 1) != 7 || Number("x", 1) != 1 {
		t.Error("numbers")
	}
	if got := Unescape("&lt;@U1&gt; &amp;amp;"); got != "<@U1> &amp;" {
		t.Errorf("unescaped %q", got)
	}
}

// FuzzInputs: whatever people type and apps name their blocks, it is read as it was
// written.
func FuzzInputs(f *testing.F) {
	f.Add("blocks", "state", "}\"]", "values", "U1")
	f.Add("", "\x00", "\xff\\u2028", "\xed\xa0\xbd", "null")
	f.Fuzz(func(t *testing.T, block, action, typed, option, user string) {
		raw, err := json.Marshal(map[string]any{
			"type": typed, "blocks": []string{typed}, "message": map[string]any{"ts": option, "blocks": block},
			"view": map[string]any{"id": user, "blocks": []any{map[string]any{"values": block}}, "state": map[string]any{"values": map[string]any{
				block: map[string]any{action: map[string]any{"value": typed, "selected_option": map[string]any{"text": block, "value": option}, "selected_user": user, "x": nil}},
			}}},
		})
		if err != nil {
			t.Fatal(err)
		}
		clean := func(s string) string { // as JSON writes what is no text
			out, err := json.Marshal(s)
			if err != nil || json.Unmarshal(out, &s) != nil {
				t.Fatal(err)
			}
			return s
		}
		in, err := DecodeInteraction(raw)
		if err != nil || in.Type != clean(typed) || in.Message.TS != clean(option) || in.View.ID != clean(user) {
			t.Fatalf("%s is read as %+v, %v", raw, in, err)
		}
		want := Values{clean(block): {clean(action): {Value: clean(typed), Option: clean(option), User: clean(user)}}}
		if !reflect.DeepEqual(in.View.State.Values, want) {
			t.Errorf("%s: the inputs are read as %+v, not as %+v", raw, in.View.State.Values, want)
		}
	})
}

func TestBlocksAreNotDecoded(t *testing.T) {
	raw := `{"type":"view_submission","view":{"blocks":[` + strings.Repeat(`{"type":"section"},`, 400) + `0],"id":"V1","state":{"values":{"blocks":{"a":{"value":"x"}}}}}}`
	rest := lean{}
	if err := rest.object([]byte(raw), true); err != nil || len(rest.out) > 120 {
		t.Errorf("of %d bytes %d are decoded: %s, %v", len(raw), len(rest.out), rest.out, err)
	}
	in, err := DecodeInteraction([]byte(raw))
	if err != nil || in.View.ID != "V1" || in.View.State.Values.Text("blocks", "a") != "x" {
		t.Errorf("read %+v, %v", in, err)
	}
	if _, err := DecodeInteraction([]byte(`{"view":`)); err == nil {
		t.Error("half a payload is read")
	}
}
