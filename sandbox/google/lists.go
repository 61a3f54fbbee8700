package google

import (
	"net/http"

	"latchkey/sandbox/fault"
)

// lists is how Google writes lists of members. An empty one has no attribute for it.
func (s *Server) lists() fault.Shape {
	return fault.Shape{
		Cursor: "pageToken", Rows: "members", IDs: []string{"id", "email"}, Omits: true,
		Next: func(_ http.Header, body map[string]any) string {
			token, _ := body["nextPageToken"].(string)
			return token
		},
		Lead: func(_ *http.Request, _ http.Header, body map[string]any, cursor string) {
			delete(body, "nextPageToken")
			if cursor != "" {
				body["nextPageToken"] = cursor
			}
		},
		Refuse: func(w http.ResponseWriter, r *http.Request, status int) {
			s.write(w, r, (&Fault{Status: status}).reply(r))
		},
	}
}
