package scim

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"latchkey/idp"
)

// supportedFor is how long what a server says it can do is taken as known.
const supportedFor = 10 * time.Minute

// answer is what a server says of something that it may be able to do.
type answer int

const (
	unsaid answer = iota
	yes
	no
)

// abilities are what a server says it can do (RFC 7643, 5).
type abilities struct{ patch, filter, etag answer }

// support reads them, and remembers them for a while.
type support struct {
	*api

	mu    sync.Mutex
	said  abilities
	until time.Time
}

// supported is what the server says it can do. One that says nothing, because it has no such page or doesn't show
// it, is taken to be able to.
func (s *support) supported(ctx context.Context) (abilities, error) {
	now := s.cfg.Clock.Now()
	s.mu.Lock()
	said, until := s.said, s.until
	s.mu.Unlock()
	if now.Before(until) {
		return said, nil
	}
	said, err := s.read(ctx)
	if err != nil {
		return said, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.said, s.until = said, now.Add(supportedFor)
	return said, nil
}

func (s *support) read(ctx context.Context) (abilities, error) {
	var page resource
	err := s.do(ctx, call{what: "read what the server can do", path: "/ServiceProviderConfig"}, &page)
	if gone(err) || errors.Is(err, idp.ErrRefused) || refusedWith(err, http.StatusForbidden) {
		return abilities{}, nil
	}
	said := func(what string) answer {
		switch strings.ToLower(page.at(what + ".supported")) {
		case "true":
			return yes
		case "false":
			return no
		}
		return unsaid
	}
	return abilities{said("patch"), said("filter"), said("etag")}, err
}
