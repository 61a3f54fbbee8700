package okta_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"latchkey/idp"
	"latchkey/idp/okta"
	sandbox "latchkey/sandbox/okta"
)

// bent is a way to Okta on which answers are changed.
type bent struct {
	change func(*http.Request, *http.Response)
}

func (b bent) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err == nil {
		b.change(r, resp)
	}
	return resp, err
}

// TestAnswersThatAreNone: a link that can't be read would break the SDK, and a count of another group, or one that is no
// number, is no count.
func TestAnswersThatAreNone(t *testing.T) {
	for name, change := range map[string]func(*http.Request, *http.Response){
		"a link": func(r *http.Request, resp *http.Response) {
			if strings.HasSuffix(r.URL.Path, "/users") {
				resp.Header.Add("Link", `<http://%zz>; rel="next"`)
			}
		},
		"another group": func(r *http.Request, resp *http.Response) {
			if r.URL.Query().Has("filter") {
				resp.Body = io.NopCloser(strings.NewReader(`[{"id":"00gother","_embedded":{"stats":{"usersCount":1}}}]`))
			}
		},
		"words": func(r *http.Request, resp *http.Response) {
			if r.URL.Query().Has("filter") {
				id := strings.Split(r.URL.Query().Get("filter"), `"`)[1]
				resp.Body = io.NopCloser(strings.NewReader(`[{"id":"` + id + `","_embedded":{"stats":{"usersCount":"many"}}}]`))
			}
		},
	} {
		o := newOrg(t, sandbox.Config{}, func(c *okta.Config) { c.Transport = bent{change} })
		g := o.AddGroup(sandbox.Group{Name: "figma"})
		o.AddUser(sandbox.User{Login: "maya@x.com"})
		o.SetMember("figma", "maya@x.com", true)
		l, err := o.Directory.Members(t.Context(), g.ID)
		if err == nil {
			for _, failed := range l.All {
				err = errors.Join(err, failed)
			}
		}
		if err == nil {
			_, err = l.Read(t.Context())
		}
		if odd := (*idp.Unintelligible)(nil); !errors.As(err, &odd) && !strings.Contains(errorText(err), "can't be read") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
