package idp

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"
)

// cachedMost bounds the memory of a cache: a whole directory of the size Latchkey is made for.
const cachedMost = 50_000

// Cached remembers found people for ttl, by the given clock, for callers who only want to show them.
// Whoever decides about access asks the directory itself. All other calls pass through; it has the
// capabilities of the directory under it.
func Cached(d Directory, ttl time.Duration, now func() time.Time) Directory {
	return expose(&cached{Directory: d, ttl: ttl, now: now, people: map[string]remembered{}}, d)
}

type cached struct {
	Directory
	ttl time.Duration
	now func() time.Time

	mu     sync.Mutex
	people map[string]remembered // by lower-cased e-mail
}

type remembered struct {
	Person
	until time.Time
}

// Person answers from memory, or asks. Failures are not remembered.
func (c *cached) Person(ctx context.Context, email string) (Person, error) {
	key := strings.ToLower(email)
	if p, fresh := c.recall(key); fresh {
		return p, nil
	}
	p, err := c.Directory.Person(ctx, email)
	if err == nil {
		c.remember(key, p)
	}
	return p, err
}

func (c *cached) recall(key string) (Person, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r, known := c.people[key]
	return r.Person, known && c.now().Before(r.until)
}

func (c *cached) remember(key string, p Person) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.people) >= cachedMost {
		clear(c.people)
	}
	c.people[key] = remembered{p, c.now().Add(c.ttl)}
}

// IsMember implements MemberChecker.
func (c *cached) IsMember(ctx context.Context, groupID, personID string) (bool, error) {
	if inner, able := c.Directory.(MemberChecker); able {
		return inner.IsMember(ctx, groupID, personID)
	}
	return false, errors.ErrUnsupported
}

// LastUse implements UsageReporter.
func (c *cached) LastUse(ctx context.Context, personID, appID string) (time.Time, bool, error) {
	if inner, able := c.Directory.(UsageReporter); able {
		return inner.LastUse(ctx, personID, appID)
	}
	return time.Time{}, false, errors.ErrUnsupported
}

// Groups implements Lister.
func (c *cached) Groups(ctx context.Context, prefix string) ([]Group, error) {
	if inner, able := c.Directory.(Lister); able {
		return inner.Groups(ctx, prefix)
	}
	return nil, errors.ErrUnsupported
}

// Probe implements Prober.
func (c *cached) Probe(ctx context.Context) ([]Finding, error) {
	if inner, able := c.Directory.(Prober); able {
		return inner.Probe(ctx)
	}
	return nil, errors.ErrUnsupported
}
