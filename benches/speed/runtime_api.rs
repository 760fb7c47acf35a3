//! A Lambda Runtime API of our own: starts a function, gives it one event after the other, and times it. Enough of HTTP for `lambda_runtime`.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What came of a function.
pub(crate) struct Run {
    /// From the start of the process to its first response, in milliseconds.
    pub(crate) cold: f64,
    /// From each later event to its response.
    pub(crate) warm: Vec<f64>,
    /// The most memory that it had, in kB.
    pub(crate) peak: u64,
}

/// Starts a function and calls it some times. What it logs goes to a file, or nowhere.
pub(crate) fn run(bootstrap: &Path, event: &[u8], calls: usize, log: Option<&File>) -> io::Result<Run> {
    let output = || log.map_or_else(|| Ok(Stdio::null()), |file| file.try_clone().map(Stdio::from));
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let started = Instant::now();
    let mut child = Command::new(bootstrap)
        .env_clear()
        .env("AWS_LAMBDA_RUNTIME_API", listener.local_addr()?.to_string())
        .env("AWS_LAMBDA_FUNCTION_NAME", "toprail")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
        .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
        .env("AWS_LAMBDA_LOG_GROUP_NAME", "group")
        .env("AWS_LAMBDA_LOG_STREAM_NAME", "stream")
        .stdin(Stdio::null())
        .stdout(output()?)
        .stderr(output()?)
        .spawn()?;
    let answered = serve(&listener, event, calls, started);
    let peak = peak_memory(&format!("/proc/{}/status", child.id()));
    child.kill()?;
    child.wait()?;
    let Answered { cold, warm, .. } = answered?;
    Ok(Run { cold, warm, peak: peak? })
}

/// The high-water mark of a process's memory, in kB.
pub(crate) fn peak_memory(status: &str) -> io::Result<u64> {
    let status = std::fs::read_to_string(status)?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
    number.ok_or_else(|| io::Error::other("no VmHWM"))
}

/// The times of all calls. The connection stays open, because a function whose runtime is gone ends, and its memory can no longer be read.
struct Answered {
    cold: f64,
    warm: Vec<f64>,
    _connection: BufReader<TcpStream>,
}

/// Answers requests on however many connections the function opens, one at a time.
fn serve(listener: &TcpListener, event: &[u8], calls: usize, started: Instant) -> io::Result<Answered> {
    let (mut cold, mut warm, mut sent) = (None, Vec::new(), started);
    loop {
        let (stream, _) = listener.accept()?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        let mut reader = BufReader::new(stream);
        while let Some(request) = Request::read(&mut reader)? {
            if request.asks_for_event {
                send_event(reader.get_mut(), event, cold.is_some() as usize + warm.len())?;
                sent = Instant::now();
                continue;
            }
            let now = Instant::now();
            match cold {
                None => cold = Some((now - started).as_secs_f64() * 1e3),
                Some(_) => warm.push((now - sent).as_secs_f64() * 1e3),
            }
            if let Some(cold) = cold.filter(|_| warm.len() + 1 >= calls) {
                return Ok(Answered { cold, warm, _connection: reader });
            }
            reader.get_mut().write_all(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")?;
        }
    }
}

fn send_event(stream: &mut TcpStream, event: &[u8], number: usize) -> io::Result<()> {
    // A deadline far away: the function may take as long as it takes.
    let head = format!(
        "HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: r{number}\r\nLambda-Runtime-Deadline-Ms: 4102444800000\r\n\
         Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:eu-west-1:111122223333:function:toprail\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        event.len()
    );
    stream.write_all(&[head.as_bytes(), event].concat())
}

struct Request {
    asks_for_event: bool,
}

impl Request {
    /// Reads a request with its body; none where the connection has ended.
    fn read(reader: &mut BufReader<TcpStream>) -> io::Result<Option<Self>> {
        let mut first = String::new();
        if reader.read_line(&mut first)? == 0 {
            return Ok(None);
        }
        let (mut length, mut is_chunked) = (0, false);
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            let line = line.trim().to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            }
            is_chunked |= line == "transfer-encoding: chunked";
        }
        if is_chunked {
            skip_chunks(reader)?
        } else {
            skip(reader, length)?
        }
        Ok(Some(Self { asks_for_event: first.starts_with("GET ") }))
    }
}

fn skip(reader: &mut impl Read, length: u64) -> io::Result<()> {
    io::copy(&mut reader.take(length), &mut io::sink()).map(|_| ())
}

fn skip_chunks(reader: &mut impl BufRead) -> io::Result<()> {
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let length = u64::from_str_radix(line.trim(), 16).map_err(io::Error::other)?;
        skip(reader, length + 2)?;
        if length == 0 {
            return Ok(());
        }
    }
}
