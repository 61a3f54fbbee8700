package e2e

import (
	"cmp"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

// storyDelays are what STORY_DELAY says about how late the services answer: by a time of
// chance up to 300ms, or per service as in jira:500ms,slack:50ms. Stories tell the same
// whatever comes of it. STORY_SEED repeats what was drawn; nil: nothing is late.
func storyDelays(log io.Writer) (func(service string) time.Duration, error) {
	said := os.Getenv("STORY_DELAY")
	if said == "" {
		return nil, nil
	}
	most := map[string]time.Duration{}
	for part := range strings.SplitSeq(said, ",") {
		service, how, one := strings.Cut(part, ":")
		if !one {
			service, how = "", part
		}
		d, err := time.ParseDuration(how)
		if err != nil || d < 0 {
			return nil, fmt.Errorf("STORY_DELAY: write for example 300ms, or jira:500ms,slack:50ms, not %q", said)
		}
		most[service] = d
	}
	seed, err := strconv.ParseUint(cmp.Or(os.Getenv("STORY_SEED"), strconv.FormatUint(rand.Uint64(), 10)), 10, 64)
	if err != nil {
		return nil, fmt.Errorf("STORY_SEED: %w", err)
	}
	fmt.Fprintf(log, "level=INFO msg=\"answers are late\" STORY_DELAY=%s STORY_SEED=%d\n", said, seed)
	var mu sync.Mutex
	drawn := rand.New(rand.NewPCG(seed, 0))
	return func(service string) time.Duration {
		d, ok := most[service]
		if !ok {
			d = most[""]
		}
		mu.Lock()
		defer mu.Unlock()
		return time.Duration(drawn.Int64N(int64(d) + 1))
	}, nil
}
