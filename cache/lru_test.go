package cache_test

import (
	"context"
	"fmt"
	"os"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/weirflow/weir/cache"
	"github.com/weirflow/weir/plan"
	"github.com/weirflow/weir/usage"
)

// clock is a clock that tests move.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func lru(t *testing.T, c *cache.Config) *cache.LRU {
	t.Helper()
	l, err := cache.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func put(t *testing.T, b cache.Backend, key string, out any, ttl time.Duration) {
	t.Helper()
	if err := b.Put(t.Context(), key, cache.Entry{Output: out}, ttl); err != nil {
		t.Fatal(err)
	}
}

// get gives the output under a key, "miss" where there is none.
func get(t *testing.T, b cache.Backend, key string) any {
	t.Helper()
	e, ok, err := b.Get(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	if !ok {
		return "miss"
	}
	return e.Output
}

func TestB013_MistakesOfTheConfigNameTheField(t *testing.T) {
	t.Parallel()
	_, err := cache.New(&cache.Config{Size: -1, TTL: -time.Second})
	if plan.CodeOf(err) != plan.CodeConfig || !strings.Contains(err.Error(), "Size is -1") || !strings.Contains(err.Error(), "TTL is -1s") {
		t.Errorf("error %v", err)
	}
	l := lru(t, &cache.Config{})
	for i := range cache.DefaultSize + 10 {
		put(t, l, fmt.Sprint(i), i, 0)
	}
	if s := l.Stats(); s.Size != 1024 || s.Evictions != 10 {
		t.Errorf("by default: %+v", s)
	}
}

func TestB135_TheLeastRecentlyUsedGoes(t *testing.T) {
	t.Parallel()
	l := lru(t, &cache.Config{Size: 2})
	put(t, l, "a", 1, 0)
	put(t, l, "b", 2, 0)
	get(t, l, "a")
	put(t, l, "c", 3, 0)
	if a, b, c := get(t, l, "a"), get(t, l, "b"), get(t, l, "c"); a != 1 || b != "miss" || c != 3 {
		t.Errorf("a %v, b %v, c %v", a, b, c)
	}
	if s := l.Stats(); s != (cache.Stats{Hits: 3, Misses: 1, Evictions: 1, Size: 2}) {
		t.Errorf("%+v", s)
	}
}

func TestPuttingInTheSamePlaceEvictsNothing(t *testing.T) {
	t.Parallel()
	l := lru(t, &cache.Config{Size: 2})
	for _, key := range []string{"a", "b", "a", "a"} {
		put(t, l, key, key+"!", 0)
	}
	put(t, l, "c", "c!", 0)
	if a, b := get(t, l, "a"), get(t, l, "b"); a != "a!" || b != "miss" || l.Stats().Evictions != 1 {
		t.Errorf("a %v, b %v, %+v", a, b, l.Stats())
	}
}

func TestB136_AnEntryWhoseTimeIsOverIsAMissAndIsRemoved(t *testing.T) {
	t.Parallel()
	c := &clock{at: time.Unix(0, 0)}
	l := lru(t, &cache.Config{Now: c.now, TTL: time.Minute})
	put(t, l, "short", 1, 10*time.Second)
	put(t, l, "own", 2, cache.OwnTTL)
	put(t, l, "ever", 3, 0)
	c.pass(9 * time.Second)
	if got := get(t, l, "short"); got != 1 {
		t.Errorf("at 9 s: %v", got)
	}
	c.pass(2 * time.Second)
	if got, s := get(t, l, "short"), l.Stats(); got != "miss" || s.Size != 2 || s.Expirations != 1 || s.Misses != 1 {
		t.Errorf("at 11 s: %v, %+v", got, s)
	}
	c.pass(time.Minute)
	if got := get(t, l, "own"); got != "miss" {
		t.Errorf("own after a minute: %v", got)
	}
	c.pass(1000 * time.Hour)
	if got := get(t, l, "ever"); got != 3 {
		t.Errorf("ever: %v", got)
	}
}

func TestB137_WhatGoesInAndComesOutIsACopy(t *testing.T) {
	t.Parallel()
	l := lru(t, nil)
	out := map[string]any{"list": []int{1, 2}}
	e := cache.Entry{Output: out, Usage: usage.Usage{Requests: 1}, Notes: map[string]any{"warnings": []string{"a"}}}
	if err := l.Put(t.Context(), "k", e, 0); err != nil {
		t.Fatal(err)
	}
	out["list"].([]int)[0] = 99
	e.Notes["warnings"].([]string)[0] = "changed"
	for range 2 {
		got, ok, _ := l.Get(t.Context(), "k")
		want := cache.Entry{Output: map[string]any{"list": []int{1, 2}}, Usage: usage.Usage{Requests: 1}, Notes: map[string]any{"warnings": []string{"a"}}}
		if !ok || !reflect.DeepEqual(got, want) {
			t.Fatalf("%+v, want %+v", got, want)
		}
		got.Output.(map[string]any)["list"] = nil
		got.Notes["more"] = true
	}
}

func TestWhatCannotBeCopiedIsNotKept(t *testing.T) {
	t.Parallel()
	l := lru(t, nil)
	for _, v := range []any{make(chan int), os.Stdout, []any{func() {}}, map[string]any{"f": os.Stdout}} {
		put(t, l, "k", v, 0)
		if got := get(t, l, "k"); got != "miss" {
			t.Errorf("a %T is kept", v)
		}
	}
}

func TestNilIsAnEntryLikeOthers(t *testing.T) {
	t.Parallel()
	l := lru(t, nil)
	put(t, l, "k", nil, 0)
	if _, ok, _ := l.Get(t.Context(), "k"); !ok {
		t.Error("a nil output is taken for a miss")
	}
}

func TestClearForgetsEntriesAndCounts(t *testing.T) {
	t.Parallel()
	l := lru(t, nil)
	put(t, l, "a", 1, 0)
	put(t, l, "b", 1, 0)
	get(t, l, "a")
	l.Delete("b")
	l.Delete("nobody")
	if got := get(t, l, "b"); got != "miss" || l.Stats().Size != 1 {
		t.Errorf("deleted: %v", got)
	}
	if err := l.Clear(context.Background()); err != nil || l.Stats() != (cache.Stats{}) || get(t, l, "a") != "miss" {
		t.Errorf("%v, %+v", err, l.Stats())
	}
}

func TestNopKeepsNothing(t *testing.T) {
	t.Parallel()
	var n cache.Nop
	put(t, n, "a", 1, 0)
	if got := get(t, n, "a"); got != "miss" || n.Clear(t.Context()) != nil {
		t.Errorf("%v", got)
	}
}

func TestManyGoroutinesUseOneCache(t *testing.T) {
	t.Parallel()
	l := lru(t, &cache.Config{Size: 10})
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for n := range 200 {
				key := fmt.Sprint((i + n) % 20)
				_ = l.Put(t.Context(), key, cache.Entry{Output: []int{n}}, time.Hour)
				if e, ok, _ := l.Get(t.Context(), key); ok {
					e.Output.([]int)[0]++
				}
			}
		})
	}
	wg.Wait()
	if s := l.Stats(); s.Size != 10 || s.Hits+s.Misses != 1600 {
		t.Errorf("%+v", s)
	}
}
