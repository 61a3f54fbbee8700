package kit

import "strings"

// Complete fills in what Slack adds to blocks: ids, emoji and verbatim flags,
// escaped stray control characters.
func Complete(blocks []Object) {
	for _, b := range blocks {
		if Str(b, "block_id") == "" {
			b["block_id"] = Secret(3)[:5]
		}
		for _, t := range Slots([]Object{b}) {
			if Str(t.Element, "action_id") == "" {
				t.Element["action_id"] = Secret(3)[:5]
			}
		}
		CompleteText(b)
	}
}

// CompleteText fills in what Slack adds to the text objects in v.
func CompleteText(v any) {
	switch t := v.(type) {
	case []any:
		for _, item := range t {
			CompleteText(item)
		}
	case Object:
		switch Str(t, "type") {
		case "plain_text":
			if t["emoji"] == nil {
				t["emoji"] = true
			}
			return
		case "mrkdwn":
			t["text"] = Escape(Str(t, "text"))
			if t["verbatim"] == nil {
				t["verbatim"] = false
			}
			return
		}
		for _, item := range t {
			CompleteText(item)
		}
	}
}

// Escape escapes stray control characters the way Slack's servers do:
// well-formed <@U1>, <#C1>, <!here> and links stay, everything else is text.
// See docs.slack.dev/messaging/formatting-message-text.
func Escape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '&':
			b.WriteByte('&')
			if !entityAt(s[i:]) {
				b.WriteString("amp;")
			}
		case '<':
			end := strings.IndexByte(s[i:], '>')
			if end > 1 && controlSequence(s[i+1:i+end]) {
				b.WriteString(s[i : i+end+1])
				i += end
				continue
			}
			b.WriteString("&lt;")
		case '>':
			b.WriteString("&gt;") // a quote mark too comes back escaped
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func entityAt(s string) bool {
	return strings.HasPrefix(s, "&amp;") || strings.HasPrefix(s, "&lt;") || strings.HasPrefix(s, "&gt;")
}

func controlSequence(s string) bool {
	switch s[0] {
	case '@', '#', '!':
		return true
	}
	for _, scheme := range []string{"http://", "https://", "mailto:", "slack://", "tel:"} {
		if strings.HasPrefix(s, scheme) {
			return true
		}
	}
	return false
}
