package idp

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

// Logged writes every call to a log: changes at level Info, reads at Debug, failures at Warn, each with
// its duration. It has the capabilities of the directory under it.
func Logged(d Directory, log *slog.Logger) Directory {
	return expose(logged{d, log.With(slog.String("directory", d.ID()))}, d)
}

type logged struct {
	Directory
	log *slog.Logger
}

func (l logged) tell(ctx context.Context, level slog.Level, op string, began time.Time, err error, args ...any) {
	args = append(args, slog.Duration("took", time.Since(began)))
	if err != nil {
		args = append(args, slog.Any("error", err))
		if !errors.Is(err, ErrNotFound) { // not a failure: somebody looked for what is not there
			level = slog.LevelWarn
		}
	}
	l.log.Log(ctx, level, op, args...)
}

func (l logged) Person(ctx context.Context, email string) (Person, error) {
	began := time.Now()
	p, err := l.Directory.Person(ctx, email)
	l.tell(ctx, slog.LevelDebug, "person", began, err, "email", email)
	return p, err
}

func (l logged) Group(ctx context.Context, name string) (Group, error) {
	began := time.Now()
	g, err := l.Directory.Group(ctx, name)
	l.tell(ctx, slog.LevelDebug, "group", began, err, "group", name)
	return g, err
}

func (l logged) Members(ctx context.Context, groupID string) ([]Membership, error) {
	began := time.Now()
	ms, err := l.Directory.Members(ctx, groupID)
	l.tell(ctx, slog.LevelDebug, "members", began, err, "group", groupID, "count", len(ms))
	return ms, err
}

func (l logged) Add(ctx context.Context, groupID, personID string) error {
	began := time.Now()
	err := l.Directory.Add(ctx, groupID, personID)
	l.tell(ctx, slog.LevelInfo, "add", began, err, "group", groupID, "person", personID)
	return err
}

func (l logged) Remove(ctx context.Context, groupID, personID string) error {
	began := time.Now()
	err := l.Directory.Remove(ctx, groupID, personID)
	l.tell(ctx, slog.LevelInfo, "remove", began, err, "group", groupID, "person", personID)
	return err
}

// The optional methods are reached only if the directory has them: expose sees to it, and the comma-ok
// form keeps a mistake there from becoming a crash.

// IsMember implements MemberChecker.
func (l logged) IsMember(ctx context.Context, groupID, personID string) (bool, error) {
	inner, able := l.Directory.(MemberChecker)
	if !able {
		return false, errors.ErrUnsupported
	}
	began := time.Now()
	is, err := inner.IsMember(ctx, groupID, personID)
	l.tell(ctx, slog.LevelDebug, "is member", began, err, "group", groupID, "person", personID, "member", is)
	return is, err
}

// LastUse implements UsageReporter.
func (l logged) LastUse(ctx context.Context, personID, appID string) (time.Time, bool, error) {
	inner, able := l.Directory.(UsageReporter)
	if !able {
		return time.Time{}, false, errors.ErrUnsupported
	}
	began := time.Now()
	at, known, err := inner.LastUse(ctx, personID, appID)
	l.tell(ctx, slog.LevelDebug, "last use", began, err, "person", personID, "app", appID, "known", known)
	return at, known, err
}

// Groups implements Lister.
func (l logged) Groups(ctx context.Context, prefix string) ([]Group, error) {
	inner, able := l.Directory.(Lister)
	if !able {
		return nil, errors.ErrUnsupported
	}
	began := time.Now()
	gs, err := inner.Groups(ctx, prefix)
	l.tell(ctx, slog.LevelDebug, "groups", began, err, "prefix", prefix, "count", len(gs))
	return gs, err
}

// Probe implements Prober.
func (l logged) Probe(ctx context.Context) ([]Finding, error) {
	inner, able := l.Directory.(Prober)
	if !able {
		return nil, errors.ErrUnsupported
	}
	began := time.Now()
	fs, err := inner.Probe(ctx)
	l.tell(ctx, slog.LevelDebug, "probe", began, err, "findings", len(fs))
	return fs, err
}
