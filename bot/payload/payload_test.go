package payload

import (
	"reflect"
	"strings"
	"testing"

	"latchkey/bot/blocks"
)

func TestInteractionsAreReadAsTheyCome(t *testing.T) {
	in, err := Decode[Interaction]([]byte(`{"type":"view_submission","team":null,"user":{"id":"U1"},"view":{"id":"V1","callback_id":"request","state":{"values":{
		"app":{"app":{"selected_option":{"value":"figma"}}},"reason":{"reason":{"value":"Launch"}},"person":{"person":{"selected_user":"U2"}}}}}}`), "interaction")
	if err != nil {
		t.Fatal(err)
	}
	v := in.View.State.Values
	if v.Choice("app", "app") != "figma" || v.Text("reason", "reason") != "Launch" || v.User("person", "person") != "U2" || v.Text("none", "none") != "" {
		t.Errorf("read %+v", v)
	}
	if in, err := Decode[Interaction]([]byte(`{"view":{"state":{"values":[]}}}`), "interaction"); err != nil || in.View.State.Values != nil {
		t.Errorf("an empty state as a list: %+v, %v", in, err)
	}
	if _, err := Decode[Interaction]([]byte(`{"view":{"state":{"values":{"a":1}}}}`), "interaction"); err == nil || !strings.Contains(err.Error(), "interaction payload") {
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

// FuzzWithoutBlocks: whatever Slack sends, leaving blocks out before decoding makes no
// difference to what is decoded.
func FuzzWithoutBlocks(f *testing.F) {
	f.Add([]byte(`{"type":"block_actions","message":{"ts":"1.2","blocks":[{"text":"}\"]"}]},"view":null,"actions":[{"action_id":"a"}]}`))
	f.Add([]byte(` { "view" : { "blocks" : [ ] , "id" : "V1", "state":{"values":{"blocks":{"blocks":{"value":"kept"}}}} } , "blocks":1 } `))
	f.Add([]byte(`{"view":{"id":"V1"},"view":{"blocks":[]},"message":[]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		want, err := Decode[Interaction](raw, "interaction")
		if err != nil {
			return // what is left out is not checked
		}
		got, err := DecodeInteraction(raw)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s is read as %+v, %v; it says %+v", raw, got, err, want)
		}
	})
}

func TestBlocksAreNotDecoded(t *testing.T) {
	raw := `{"type":"view_submission","view":{"blocks":[` + strings.Repeat(`{"type":"section"},`, 400) + `0],"id":"V1","state":{"values":{"blocks":{"a":{"value":"x"}}}}}}`
	if lean := withoutBlocks([]byte(raw)); len(lean) > 120 {
		t.Errorf("of %d bytes %d are decoded: %s", len(raw), len(lean), lean)
	}
	in, err := DecodeInteraction([]byte(raw))
	if err != nil || in.View.ID != "V1" || in.View.State.Values.Text("blocks", "a") != "x" {
		t.Errorf("read %+v, %v", in, err)
	}
	if _, err := DecodeInteraction([]byte(`{"view":`)); err == nil {
		t.Error("half a payload is read")
	}
}
