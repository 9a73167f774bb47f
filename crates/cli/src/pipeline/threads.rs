//! The threads that do the work: the caller's, those of its pool, or new ones.

/// Runs `work` on [`count`] threads: on the caller's alone if one is enough, on the caller's pool
/// where it is a thread of one, and else on a pool of its own.
pub(super) fn run(threads: usize, work: &(dyn Fn() + Sync)) {
    let threads = count(threads);
    if threads == 1 {
        return work();
    }
    let side_by_side = || {
        rayon::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|_| work());
            }
        });
    };
    within(threads, side_by_side);
}

/// How many threads [`run`] does its work on: so many, or if that is 0, as many as the caller's pool
/// has or the process may use.
pub(super) fn count(threads: usize) -> usize {
    let of_pool = rayon::current_thread_index().map(|_| rayon::current_num_threads());
    let all = || of_pool.or_else(|| std::thread::available_parallelism().ok().map(usize::from));
    match threads {
        0 => all().unwrap_or(1),
        some => some,
    }
}

/// Does `work` on the caller's pool where it is a thread of one, and else on a pool of its own with
/// so many threads, or as many as there are processors if that is 0.
pub(crate) fn within<R: Send>(threads: usize, work: impl FnOnce() -> R + Send) -> R {
    if rayon::current_thread_index().is_some() {
        return work();
    }
    match rayon::ThreadPoolBuilder::new().num_threads(threads).build() {
        Ok(pool) => pool.install(work),
        Err(_) => work(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    /// The names of the threads that did the work, as often as they did it.
    fn names(threads: usize) -> Vec<Option<String>> {
        let names = Mutex::new(Vec::new());
        run(threads, &|| {
            let name = std::thread::current().name().map(str::to_owned);
            names.lock().expect("no thread panics").push(name);
        });
        names.into_inner().expect("no thread panics")
    }

    #[test]
    fn the_pool_of_the_caller_does_the_work() {
        let of_caller = |name: &Option<String>| name.as_deref() == Some("of caller");
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(3)
            .thread_name(|_| "of caller".to_owned())
            .build()
            .expect("a pool");
        for (threads, times) in [(0, 3), (1, 1), (2, 2)] {
            let names = pool.install(|| names(threads));
            assert_eq!(names.len(), times, "{threads}");
            assert!(names.iter().all(of_caller), "{threads}: {names:?}");
        }
        let own = names(2);
        assert_eq!(own.len(), 2);
        assert!(!own.iter().any(of_caller));
    }

    #[test]
    fn all_are_counted_where_no_number_is_given() {
        let of_caller = rayon::ThreadPoolBuilder::new().num_threads(5).build();
        let of_caller = of_caller.expect("a pool");
        assert_eq!(of_caller.install(|| count(0)), 5);
        assert_eq!(of_caller.install(|| count(2)), 2);
        let processors = std::thread::available_parallelism();
        assert_eq!(count(0), processors.expect("a number").get());
    }
}
