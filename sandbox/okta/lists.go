package okta

import (
	"net/http"
	"net/url"
	"strings"

	"latchkey/sandbox/fault"
)

// lists is how Okta writes lists: an array, and links in headers of their own.
func (s *Server) lists() fault.Shape {
	return fault.Shape{
		Cursor: "after", IDs: []string{"id"},
		Next: func(h http.Header, _ map[string]any) string {
			for _, l := range h.Values("Link") {
				if target, isNext := strings.CutSuffix(l, `>; rel="next"`); isNext {
					return linkQuery(target).Get("after")
				}
			}
			return ""
		},
		Lead: leadTo,
		Refuse: func(w http.ResponseWriter, r *http.Request, status int) {
			s.write(w, r, bucketOther, (&Fault{Status: status}).reply(s.now()))
		},
	}
}

// leadTo has an answer lead to another page, or to none.
func leadTo(r *http.Request, h http.Header, _ map[string]any, cursor string) {
	var links []string
	for _, l := range h.Values("Link") {
		if !strings.HasSuffix(l, `rel="next"`) {
			links = append(links, l)
		}
	}
	if cursor != "" {
		q := r.URL.Query()
		q.Set("after", cursor)
		links = append(links, "<"+baseURL(r)+r.URL.EscapedPath()+"?"+q.Encode()+`>; rel="next"`)
	}
	h["Link"] = links
}

func linkQuery(target string) url.Values {
	at, err := url.Parse(strings.TrimPrefix(target, "<"))
	if err != nil {
		return url.Values{}
	}
	return at.Query()
}
