//! The linker's view of files: a fixed set of named byte strings and one output, all in memory.
//!
//! libwild asks for everything through its `FileSystem` trait, so no temporary file, no file
//! descriptor and no path of the machine takes part in a link. It must not know what it links.

use libwild::error::Result;
use libwild::{FileSystem, FileType, InputFileData, OutputFileData, OutputOptions};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// How large an output may be: this many times the inputs, and this many bytes more. A well-formed
/// link stays far below; a section with a false size does not, and must not take all memory.
const GROWTH_LIMIT: (usize, usize) = (8, 1 << 24);

/// Inputs by name, and the place where the output goes.
pub(super) struct MemoryFs {
    inputs: Vec<(String, Arc<[u8]>)>,
    output: Arc<Mutex<Option<Vec<u8>>>>,
}

impl MemoryFs {
    /// A file system that holds exactly `inputs`.
    pub(super) fn new(inputs: Vec<(String, Arc<[u8]>)>) -> Self {
        Self {
            inputs,
            output: Arc::default(),
        }
    }

    /// Where the finished output will be found: `None` until the linker has finished it.
    pub(super) fn output(&self) -> Arc<Mutex<Option<Vec<u8>>>> {
        Arc::clone(&self.output)
    }

    fn find(&self, path: &Path) -> Option<&Arc<[u8]>> {
        self.inputs
            .iter()
            .find(|(name, _)| Path::new(name) == path)
            .map(|(_, bytes)| bytes)
    }
}

/// One opened input.
#[derive(Debug)]
pub(super) struct Input(Arc<[u8]>);

impl InputFileData for Input {
    fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// The output while the linker fills it.
pub(super) struct Output {
    bytes: Vec<u8>,
    place: Arc<Mutex<Option<Vec<u8>>>>,
}

impl OutputFileData for Output {
    fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    fn bytes_mut(&mut self) -> &mut [u8] {
        &mut self.bytes
    }

    fn finish(self) -> Result {
        *self.place.lock().unwrap_or_else(PoisonError::into_inner) = Some(self.bytes);
        Ok(())
    }
}

fn not_found(path: &Path) -> libwild::error::Error {
    libwild::error!("no input named {}", path.display())
}

impl FileSystem for MemoryFs {
    type Input = Input;
    type Output = Output;

    fn open_input(&self, path: &Path, _prepopulate: bool) -> Result<(Input, Option<Arc<File>>)> {
        let bytes = self.find(path).ok_or_else(|| not_found(path))?;
        Ok((Input(Arc::clone(bytes)), None))
    }

    fn file_type(&self, path: &Path) -> Result<FileType> {
        self.find(path)
            .map(|_| FileType::File)
            .ok_or_else(|| not_found(path))
    }

    fn canonicalize(&self, path: &Path) -> Result<PathBuf> {
        Ok(path.to_path_buf())
    }

    fn remove_file(&self, _path: &Path) -> Result<()> {
        // The linker clears an earlier output before it writes; here there is none.
        Ok(())
    }

    fn rename_file(&self, _path: &Path, _new_path: &Path) -> Result<()> {
        Ok(())
    }

    fn create_output(&self, _path: Arc<Path>, options: OutputOptions) -> Result<Output> {
        let input: usize = self.inputs.iter().map(|(_, bytes)| bytes.len()).sum();
        let limit = input.saturating_mul(GROWTH_LIMIT.0) + GROWTH_LIMIT.1;
        let size = usize::try_from(options.size)?;
        if size > limit {
            return Err(libwild::error!(
                "the output would have {size} bytes, made from {input}"
            ));
        }
        Ok(Output {
            bytes: vec![0; size],
            place: self.output(),
        })
    }

    fn write_auxiliary(&self, _path: &Path, _bytes: &[u8]) -> Result {
        // Dependency files and traces are never requested.
        Ok(())
    }
}
