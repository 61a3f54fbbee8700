package harness

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"time"

	"latchkey/sandbox"
)

// Network is by which addresses the browsers of people in a story find what is not on the internet: the pages of
// Latchkey itself, behind their proxy.
type Network struct {
	mu    sync.Mutex
	hosts map[string]string
}

// Name has a host found at an address.
func (n *Network) Name(host, address string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.hosts == nil {
		n.hosts = map[string]string{}
	}
	n.hosts[host] = address
}

// RoundTrip is the way to a host that has a name here, or to any other.
func (n *Network) RoundTrip(r *http.Request) (*http.Response, error) {
	n.mu.Lock()
	address, known := n.hosts[r.URL.Host]
	n.mu.Unlock()
	to := r.Clone(r.Context())
	if known {
		to.Host, to.URL.Scheme, to.URL.Host = r.URL.Host, "http", address
	}
	t := &http.Transport{DisableKeepAlives: true}
	answer, err := t.RoundTrip(to)
	if err == nil {
		answer.Request = r // as which the browser knows it
	}
	return answer, err
}

// browser is somebody's.
type browser struct {
	http  *http.Client
	at    *url.URL
	page  string
	held  string // where it would have gone on from the directory
	back  string // where it went on from the directory last
	holds bool
}

func (h *Harness) browserOf(name string) (*browser, error) {
	if h.browsers == nil {
		h.browsers = map[string]*browser{}
	}
	if b, has := h.browsers[name]; has {
		return b, nil
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	b := &browser{}
	b.http = &http.Client{Jar: jar, Transport: &h.Network, Timeout: 30 * time.Second, CheckRedirect: func(r *http.Request, via []*http.Request) error {
		if strings.Contains(r.URL.Path, "/signed-in/") {
			if b.back = r.URL.String(); b.holds {
				b.held = b.back
				return http.ErrUseLastResponse
			}
		}
		if len(via) > 10 {
			return errors.New("it goes round in circles")
		}
		return nil
	}}
	h.browsers[name] = b
	return b, nil
}

// browser acts in somebody's browser:
//
//	browser noor opens                 the link that she was shown in Slack; "opens maya": the one that Maya was shown
//	browser noor signs-in              at Okta, as herself; "signs-in maya": as Maya
//	browser noor stops-at maya         the same, but the browser isn't let back to Latchkey
//	browser noor declines              to sign in
//	browser noor presses               the button on the page
//	browser noor again                 goes to where Okta sent it once more; "follows maya": to where Okta sent Maya's
//	browser noor goes /confirm/x       to a page of Latchkey's
//	browser noor sees 'Approve … ?'    what the page shows (see browserSees)
func (h *Harness) browser(ctx context.Context, args []string) (string, error) {
	if len(args) < 2 {
		return "", errors.New("browser: whose, and what?")
	}
	who, other := args[0], args[0]
	if len(args) > 2 {
		other = args[2]
	}
	b, err := h.browserOf(who)
	if err != nil {
		return "", err
	}
	b.holds = false
	switch args[1] {
	case "sees":
		return b.sees(other)
	case "opens":
		link, err := h.signInLink(ctx, other)
		if err != nil {
			return "", err
		}
		return b.get(ctx, link)
	case "stops-at", "signs-in", "declines", "presses":
		return b.answers(ctx, args[1], other)
	case "again":
		return b.get(ctx, b.back)
	case "follows":
		theirs, err := h.browserOf(other)
		if err != nil {
			return "", err
		}
		return b.get(ctx, theirs.back)
	case "goes":
		if b.at == nil {
			return "", errors.New("browser: it is nowhere yet")
		}
		return b.get(ctx, b.at.ResolveReference(&url.URL{Path: other}).String())
	}
	return "", fmt.Errorf("browser: what is %q?", args[1])
}

// answers what the page asks, at Okta as somebody or nobody, or at Latchkey.
func (b *browser) answers(ctx context.Context, how, as string) (string, error) {
	switch how {
	case "presses":
		return b.submit(ctx, nil)
	case "declines":
		return b.submit(ctx, url.Values{"username": {""}})
	}
	b.holds = how == "stops-at"
	return b.submit(ctx, url.Values{"username": {sandbox.Email(as)}})
}

// signInLink is the link that somebody is shown in Slack, now or before.
func (h *Harness) signInLink(ctx context.Context, name string) (string, error) {
	who, err := h.member(name)
	if err != nil {
		return "", err
	}
	if h.links == nil {
		h.links = map[string]string{}
	}
	waiting, cancel := h.waiting(ctx)
	defer cancel()
	err = h.World.Eventually(waiting, func() error {
		if v, err := h.top(who); err == nil {
			raw, err := json.Marshal(v)
			if err != nil {
				return err
			}
			h.links[who.Name] = ""
			if link := regexp.MustCompile(`https?://[^"]+/sign-in/[A-Z0-9]+/[A-Z0-9]+`).FindString(string(raw)); link != "" {
				h.links[who.Name] = link
			}
		}
		return errIf(h.links[who.Name] == "", name+" is shown no link")
	})
	return h.links[who.Name], err
}

// sees looks for a pattern in what the page shows.
func (b *browser) sees(pattern string) (string, error) {
	text := html.UnescapeString(regexp.MustCompile(`(?s)<style>.*?</style>|<[^>]*>`).ReplaceAllString(b.page, " "))
	if !contains(text, pattern) {
		return "", fmt.Errorf("the browser shows %s", strings.Join(strings.Fields(text), " "))
	}
	return strings.Join(strings.Fields(text), " "), nil
}

func (b *browser) get(ctx context.Context, address string) (string, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", err
	}
	return b.do(r)
}

var (
	formTag  = regexp.MustCompile(`<form method="post" action="([^"]+)">`)
	inputTag = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)">`)
)

// submit fills in the form on the page and sends it.
func (b *browser) submit(ctx context.Context, with url.Values) (string, error) {
	form := formTag.FindStringSubmatch(b.page)
	if form == nil {
		return "", fmt.Errorf("the page has nothing to press: %s", b.page)
	}
	said := url.Values{}
	for _, field := range inputTag.FindAllStringSubmatch(b.page, -1) {
		said.Set(field[1], html.UnescapeString(field[2]))
	}
	for name, value := range with {
		said[name] = value
	}
	to := b.at.ResolveReference(&url.URL{Path: html.UnescapeString(form[1])})
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to.String(), strings.NewReader(said.Encode()))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", b.at.Scheme+"://"+b.at.Host)
	return b.do(r)
}

// patiently sends a request again while nobody listens, as by somebody who reloads the page: Latchkey may just be starting.
func (b *browser) patiently(r *http.Request) (*http.Response, error) {
	ctx, done := context.WithTimeout(r.Context(), Timeout)
	defer done()
	for {
		answer, err := b.http.Do(r.Clone(r.Context()))
		if !errors.Is(err, syscall.ECONNREFUSED) {
			return answer, err
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(5 * time.Millisecond):
		}
		if r, err = again(r, err); err != nil {
			return nil, err
		}
	}
}

// again is the request that failed: r itself, or where its answer had sent the browser on to.
func again(r *http.Request, failed error) (*http.Request, error) {
	var at *url.Error
	if errors.As(failed, &at) && at.URL != r.URL.String() {
		return http.NewRequestWithContext(r.Context(), http.MethodGet, at.URL, nil)
	}
	if r.GetBody == nil {
		return r, nil
	}
	body, err := r.GetBody()
	r.Body = body
	return r, err
}

func (b *browser) do(r *http.Request) (string, error) {
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	answer, err := b.patiently(r)
	if err != nil {
		return "", err
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(answer.Body, 1<<20))
	if err != nil {
		return "", err
	}
	b.at, b.page = answer.Request.URL, string(text)
	return answer.Status + " " + b.at.Path, nil
}
