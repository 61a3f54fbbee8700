package entra

import (
	"net/http"
	"net/url"

	"latchkey/sandbox/fault"
)

// lists is how Graph writes lists.
func (s *Server) lists() fault.Shape {
	return fault.Shape{
		Cursor: "$skiptoken", Rows: "value", IDs: []string{"id"},
		Next: func(_ http.Header, body map[string]any) string {
			link, _ := body["@odata.nextLink"].(string)
			at, err := url.Parse(link)
			if err != nil {
				return ""
			}
			return at.Query().Get("$skiptoken")
		},
		Lead: func(r *http.Request, _ http.Header, body map[string]any, cursor string) {
			delete(body, "@odata.nextLink")
			if q := r.URL.Query(); cursor != "" {
				q.Set("$skiptoken", cursor)
				body["@odata.nextLink"] = linkTo(r, q)
			}
		},
		Refuse: func(w http.ResponseWriter, r *http.Request, status int) {
			s.write(w, r, (&Fault{Status: status}).reply())
		},
	}
}
