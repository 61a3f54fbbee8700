package idp

// capable is a directory that can do everything.
type capable interface {
	Directory
	MemberChecker
	UsageReporter
	Lister
	Prober
}

// The optional capabilities, as a set.
const (
	checks = 1 << iota
	reports
	lists
	probes
)

func capabilities(d Directory) int {
	set := 0
	if _, able := d.(MemberChecker); able {
		set |= checks
	}
	if _, able := d.(UsageReporter); able {
		set |= reports
	}
	if _, able := d.(Lister); able {
		set |= lists
	}
	if _, able := d.(Prober); able {
		set |= probes
	}
	return set
}

// expose narrows a decorator, which has a method for everything, to the capabilities of the directory
// under it: a type assertion on the decorator must not promise what that directory cannot keep. Go can
// not choose a method set at run time, so each combination is spelled out, here those without Lister.
func expose(d capable, inner Directory) Directory {
	switch capabilities(inner) {
	case checks:
		return struct {
			Directory
			MemberChecker
		}{d, d}
	case reports:
		return struct {
			Directory
			UsageReporter
		}{d, d}
	case checks | reports:
		return struct {
			Directory
			MemberChecker
			UsageReporter
		}{d, d, d}
	case probes:
		return struct {
			Directory
			Prober
		}{d, d}
	case checks | probes:
		return struct {
			Directory
			MemberChecker
			Prober
		}{d, d, d}
	case reports | probes:
		return struct {
			Directory
			UsageReporter
			Prober
		}{d, d, d}
	case checks | reports | probes:
		return struct {
			Directory
			MemberChecker
			UsageReporter
			Prober
		}{d, d, d, d}
	}
	return exposeLister(d, inner)
}

// exposeLister is expose for directories that can list their groups but not probe.
func exposeLister(d capable, inner Directory) Directory {
	switch capabilities(inner) {
	case lists:
		return struct {
			Directory
			Lister
		}{d, d}
	case checks | lists:
		return struct {
			Directory
			MemberChecker
			Lister
		}{d, d, d}
	case reports | lists:
		return struct {
			Directory
			UsageReporter
			Lister
		}{d, d, d}
	case checks | reports | lists:
		return struct {
			Directory
			MemberChecker
			UsageReporter
			Lister
		}{d, d, d, d}
	}
	return exposeListerProber(d, inner)
}

// exposeListerProber is expose for directories that can list and probe, or can do nothing besides the core.
func exposeListerProber(d capable, inner Directory) Directory {
	switch capabilities(inner) {
	case lists | probes:
		return struct {
			Directory
			Lister
			Prober
		}{d, d, d}
	case checks | lists | probes:
		return struct {
			Directory
			MemberChecker
			Lister
			Prober
		}{d, d, d, d}
	case reports | lists | probes:
		return struct {
			Directory
			UsageReporter
			Lister
			Prober
		}{d, d, d, d}
	case checks | reports | lists | probes:
		return d
	}
	return struct{ Directory }{d}
}
