package socket

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestScan(t *testing.T) {
	tests := []struct {
		name, frame string
		want        Envelope
	}{
		{"slash command", `{"envelope_id":"e1","payload":{"command":"/access"},"type":"slash_commands","accepts_response_payload":true}`,
			Envelope{ID: "e1", Type: "slash_commands", AcceptsResponse: true, Payload: []byte(`{"command":"/access"}`)}},
		{"retried event", `{"type":"events_api","retry_attempt":2,"retry_reason":"timeout","envelope_id":"e2","payload":{}}`,
			Envelope{ID: "e2", Type: "events_api", RetryAttempt: 2, RetryReason: "timeout", Payload: []byte(`{}`)}},
		{"decoys inside the payload", `{"payload":{"envelope_id":"no","type":"no","x":["}",{"a":"\"]\\"}]},"envelope_id":"e3","type":"interactive"}`,
			Envelope{ID: "e3", Type: "interactive", Payload: []byte(`{"envelope_id":"no","type":"no","x":["}",{"a":"\"]\\"}]}`)}},
		{"whitespace, escapes, unknown keys", "\n{ \"env\\u0065lope_id\" :\t\"a\\u002db\" , \"new\":[1,{\"y\":null}],\r\"type\": \"fu\\\"ture\" , \"payload\" : 1.5e3 } ",
			Envelope{ID: "a-b", Type: `fu"ture`, Payload: []byte(`1.5e3`)}},
		{"strings for other types, nulls", `{"envelope_id":"e5","accepts_response_payload":"true","retry_attempt":"3","retry_reason":null,"type":null}`,
			Envelope{ID: "e5", AcceptsResponse: true, RetryAttempt: 3}},
		{"the last of equal keys", `{"envelope_id":"a","envelope_id":"b"}`, Envelope{ID: "b"}},
		{"empty", ` {} `, Envelope{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			found, err := scan([]byte(tt.frame))
			if err != nil {
				t.Fatalf("scan: %v", err)
			}
			if diff := cmp.Diff(tt.want, found.envelope()); diff != "" {
				t.Errorf("envelope (-want +got):\n%s", diff)
			}
		})
	}
}

func TestScanRefuses(t *testing.T) {
	frames := []string{
		"", " ", "null", "[]", `"x"`, "{", `{"`, `{"a`, `{"a"`, `{"a":`, `{"a":}`, `{"a":1`, `{"a":1,`, `{"a":1,}`, `{"a" 1}`,
		`{a:1}`, `{"a":"x}`, `{"a":"\"}`, `{"a":[}`, `{"a":{"b":1}`, `{} x`, `{"a":1}{}`, `{"a":1 "b":2}`, `{"a":"x\\\"}`,
	}
	for _, frame := range frames {
		if found, err := scan([]byte(frame)); err == nil {
			t.Errorf("scan(%q) = %+v, want an error", frame, found)
		}
	}
}

// FuzzScan compares with encoding/json on everything that encoding/json takes for an object.
func FuzzScan(f *testing.F) {
	f.Add([]byte(slashFrame()))
	f.Add([]byte(viewFrame()))
	f.Add([]byte(`{"type":"x","type":7,"envelope_id":"\ud800","payload":null,"retry_attempt":-0}`))
	f.Add([]byte(`{"payload":"\\\\\"","a":[[{"b":"]"}]],"retry_reason":"\u0000"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		found, err := scan(data)
		var want map[string]json.RawMessage
		if json.Unmarshal(data, &want) != nil || want == nil {
			return // reaching this line without a panic is all that is asked for
		}
		if err != nil {
			t.Fatalf("scan refuses a valid object: %q", data)
		}
		raw := map[string][]byte{
			"envelope_id": found.id, "type": found.kind, "accepts_response_payload": found.accepts,
			"retry_attempt": found.attempt, "retry_reason": found.reason, "payload": found.payload,
		}
		for key, got := range raw {
			if !bytes.Equal(got, want[key]) {
				t.Errorf("%s = %q, encoding/json says %q", key, got, want[key])
			}
		}
		env := found.envelope()
		compareText(t, env.ID, want["envelope_id"])
		compareText(t, env.Type, want["type"])
		compareText(t, env.RetryReason, want["retry_reason"])
	})
}

func compareText(t *testing.T, got string, raw json.RawMessage) {
	t.Helper()
	var want string
	if json.Unmarshal(raw, &want) != nil {
		want = ""
	}
	if got != want {
		t.Errorf("text of %q = %q, encoding/json says %q", raw, got, want)
	}
}

// FuzzAck asks that every ack is valid JSON, below Slack's limit, and holds the id and the response handed in.
func FuzzAck(f *testing.F) {
	f.Add("5a1b-7", []byte(`{"text":"hi"}`))
	f.Add("a\"b\\\x00é", []byte(`{`))
	f.Fuzz(func(t *testing.T, id string, response []byte) {
		frame, err := appendAck(nil, id, response)
		var ack struct {
			ID      string          `json:"envelope_id"`
			Payload json.RawMessage `json:"payload"`
		}
		if jsonErr := json.Unmarshal(frame, &ack); jsonErr != nil {
			t.Fatalf("ack %q: %v", frame, jsonErr)
		}
		if want := strings.ToValidUTF8(id, "\ufffd"); ack.ID != id && !strings.Contains(want, "\ufffd") {
			t.Errorf("id %q came out as %q", id, ack.ID)
		}
		if len(frame) >= ackLimit && len(id) < 100 {
			t.Errorf("ack of %d bytes", len(frame))
		}
		if err != nil && ack.Payload != nil {
			t.Errorf("refused with %v, but %d bytes go out", err, len(ack.Payload))
		}
		if err == nil && len(response) > 0 && !bytes.Equal(ack.Payload, bytes.TrimSpace(response)) {
			t.Errorf("payload %q, want %q", ack.Payload, response)
		}
	})
}

// slashFrame is a slash command of about 3 KB.
func slashFrame() string {
	text := strings.Repeat("please let me into the design files, ", 65)
	return `{"envelope_id":"11111111-2222-4333-8444-555555555555","payload":{"token":"t","team_id":"T1","user_id":"U1",` +
		`"command":"/access","text":"` + text + `","response_url":"https://hooks.slack.test/commands/T1/2/3","trigger_id":"1.2.abc"},` +
		`"type":"slash_commands","accepts_response_payload":true}`
}

// viewFrame is a view submission of about 8.3 KB with twelve inputs.
func viewFrame() string {
	var blocks, values []string
	for _, n := range strings.Split("a b c d e f g h i j k l", " ") {
		blocks = append(blocks, `{"type":"input","block_id":"block_`+n+`","label":{"type":"plain_text","text":"Why is this \"needed\"?","emoji":true},`+
			`"optional":false,"dispatch_action":false,"element":{"type":"plain_text_input","action_id":"act_`+n+`","multiline":true,`+
			`"placeholder":{"type":"plain_text","text":"`+strings.Repeat("A few words ", 15)+`","emoji":true}}}`)
		values = append(values, `"block_`+n+`":{"act_`+n+`":{"type":"plain_text_input","value":"`+strings.Repeat("line\\n", 22)+`"}}`)
	}
	return `{"envelope_id":"66666666-7777-4888-8999-aaaaaaaaaaaa","payload":{"type":"view_submission","team":{"id":"T1","domain":"acme"},` +
		`"user":{"id":"U1","name":"maya"},"view":{"id":"V1","blocks":[` + strings.Join(blocks, ",") + `],"state":{"values":{` +
		strings.Join(values, ",") + `}},"hash":"1.abc"}},"type":"interactive","accepts_response_payload":true}`
}

func BenchmarkScan(b *testing.B) {
	for name, frame := range map[string]string{"slash": slashFrame(), "view": viewFrame()} {
		b.Run(name, func(b *testing.B) {
			data := []byte(frame)
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				found, err := scan(data)
				if err != nil || found.envelope().ID == "" {
					b.Fatalf("scan: %v", err)
				}
			}
		})
	}
}
